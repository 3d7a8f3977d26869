import { type Json } from '../events/json';
import { MAX_DEPTH, type Tree } from './tree';

/** A text, which is left as it is, or a long integer. The lookarounds leave out parts of other numbers. */
const TEXT_OR_LONG_INTEGER = /"[^"\\]*(?:\\.[^"\\]*)*"|(?<![\w.+-])-?\d{16,}(?![\w.+-])/g;

/** Reads a JSON body into the tree that the same payload has as a form; nothing if it is not JSON. */
export function parseJson(body: string): Tree | undefined {
	try {
		const text = /\d{16}/.test(body) ? body.replace(TEXT_OR_LONG_INTEGER, quoteIfRounded) : body;
		return toTree(JSON.parse(text) as Json, 0);
	} catch {
		return undefined;
	}
}

/** An integer beyond 2^53 as a text: a number would be another one. */
function quoteIfRounded(token: string): string {
	return token.startsWith('"') || Number.isSafeInteger(Number(token)) ? token : `"${token}"`;
}

function toTree(value: Json, depth: number): Tree {
	if (typeof value !== 'object' || value === null) return value;
	if (depth > MAX_DEPTH) return null;
	if (Array.isArray(value)) return value.map((child) => toTree(child, depth + 1));
	return new Map(Object.entries(value).map(([key, child]) => [key, toTree(child, depth + 1)]));
}
