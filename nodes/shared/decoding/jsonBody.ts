import type { Json } from '../events/json';
import { MAX_DEPTH, maxLevels, TooManyError } from './tree';

/** A double holds every integer of 15 digits. */
const SAFE_LENGTH = 15;

/**
 * Reads a JSON body; nothing if it is not JSON. An integer beyond 2^53 becomes a text, since as a number it would be
 * another one, and a list or a map that lies deeper than `MAX_DEPTH` becomes null.
 *
 * @throws TooManyError
 */
export function parseJson(body: string): Json | undefined {
	try {
		return JSON.parse(toSafeText(body)) as Json;
	} catch (error) {
		if (error instanceof TooManyError) throw error;
		return undefined;
	}
}

/**
 * What `JSON.parse` can read with no loss and little memory. This goes through the characters once: a regular
 * expression would take quadratic time where a text is not closed, and its stack ends at some megabytes of escapes.
 */
function toSafeText(body: string): string {
	const pieces: string[] = [];
	let copiedTo = 0;
	const replace = (from: number, to: number, by: string) => {
		pieces.push(body.slice(copiedTo, from), by);
		copiedTo = to;
	};

	const most = maxLevels(body);
	let levels = 0;
	let depth = 0;
	let tooDeepFrom = 0;
	for (let at = 0; at < body.length; at++) {
		switch (body[at]) {
			case '"':
				at = findEndOfText(body, at);
				break;
			case '[':
			case '{':
				// The body itself is one level above the deepest that is kept.
				if (++depth <= MAX_DEPTH + 1) levels++;
				else if (depth === MAX_DEPTH + 2) tooDeepFrom = at;
				if (levels > most) throw new TooManyError();
				break;
			case ']':
			case '}':
				if (depth-- === MAX_DEPTH + 2) replace(tooDeepFrom, at + 1, 'null');
				break;
			default: {
				const end = findEndOfNumber(body, at);
				if (end - at > SAFE_LENGTH && depth <= MAX_DEPTH + 1) {
					const number = body.slice(at, end);
					if (isRounded(number)) replace(at, end, `"${number}"`);
				}
				at = Math.max(at, end - 1);
			}
		}
	}
	if (depth !== 0) throw new SyntaxError('A bracket is not closed');
	return pieces.length === 0 ? body : pieces.join('') + body.slice(copiedTo);
}

/** Where the text that begins at `start` has its closing quote; the body's end if it has none. */
function findEndOfText(body: string, start: number): number {
	for (let at = start + 1; at < body.length; at++) {
		if (body[at] === '"') return at;
		if (body[at] === '\\') at++;
	}
	return body.length;
}

/** The index behind the number, or what looks like one, that begins at `start`; `start` if none does. */
function findEndOfNumber(body: string, start: number): number {
	let end = start;
	for (; end < body.length; end++) {
		const code = body.charCodeAt(end);
		const isDigit = code >= 48 && code <= 57;
		if (!isDigit && !'+-.eE'.includes(body[end]!)) break;
	}
	return end;
}

function isRounded(number: string): boolean {
	return /^-?\d+$/.test(number) && !Number.isSafeInteger(Number(number));
}
