import { type Json } from '../json';
import { MAX_DEPTH, type Tree } from './tree';

/** Reads a JSON body into the tree that the same payload has as a form; nothing if it is not JSON. */
export function parseJson(body: string): Tree | undefined {
	try {
		const hasLargeNumbers = /\d{16}/.test(body);
		return toTree(JSON.parse(body, hasLargeNumbers ? keepDigits : undefined) as Json, 0);
	} catch {
		return undefined;
	}
}

/** An integer beyond 2^53 as the text it was sent as, where Node tells it (22 and newer). */
function keepDigits(_key: string, value: Json, context?: { source?: string }): Json {
	const isRounded = typeof value === 'number' && !Number.isSafeInteger(value);
	const { source = '' } = context ?? {};
	return isRounded && /^-?\d+$/.test(source) ? source : value;
}

function toTree(value: Json, depth: number): Tree {
	if (typeof value !== 'object' || value === null) return value;
	if (depth > MAX_DEPTH) return null;
	if (Array.isArray(value)) return value.map((child) => toTree(child, depth + 1));
	return new Map(Object.entries(value).map(([key, child]) => [key, toTree(child, depth + 1)]));
}
