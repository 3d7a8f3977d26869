import type { Json, JsonMap } from '../events/json';
import { MAX_DEPTH, maxParts } from './tree';

/** Kommo's bodies, written as JSON, seldom have fewer characters for each value, list or map. */
const CHARACTERS_PER_VALUE = 12;
const CHARACTERS_PER_LEVEL = 16;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const ZERO = 0x30;
const MINUS = 0x2d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_MAP = 0x7b;
const CLOSE_MAP = 0x7d;

/** A double holds every integer of 15 digits. */
const SAFE_LENGTH = 15;

/**
 * Reads JSON that is a list or a map; nothing if it is not. An integer beyond 2^53 becomes a text, because as
 * a number it would lose digits. A list or a map deeper than `MAX_DEPTH` becomes null.
 */
export function parseJson(body: string): Json[] | JsonMap | 'tooMany' | undefined {
	const text = toSafeText(body);
	if (text === undefined) return undefined;
	if (text === 'tooMany') return 'tooMany';
	try {
		return JSON.parse(text) as Json[] | JsonMap;
	} catch {
		return undefined;
	}
}

/**
 * The body as a text that `JSON.parse` reads without loss and with little memory; nothing if a bracket is not
 * closed. This looks at each character once. A regular expression would take quadratic time for a text that
 * is not closed, and would overflow its stack after some megabytes of escapes.
 */
function toSafeText(body: string): string | undefined {
	const pieces: string[] = [];
	let copiedTo = 0;
	const replace = (from: number, to: number, by: string) => {
		pieces.push(body.slice(copiedTo, from), by);
		copiedTo = to;
	};

	let levelsLeft = maxParts(body, CHARACTERS_PER_LEVEL);
	let valuesLeft = maxParts(body, CHARACTERS_PER_VALUE);
	let depth = 0;
	let tooDeepFrom = 0;
	for (let at = 0; at < body.length; at++) {
		const code = body.charCodeAt(at);
		if (code === QUOTE) {
			at = findEndOfText(body, at);
		} else if (code === COMMA) {
			if (--valuesLeft < 0) return 'tooMany';
		} else if (code === OPEN_LIST || code === OPEN_MAP) {
			// The body itself is a level too, so there is one more than `MAX_DEPTH`.
			if (++depth <= MAX_DEPTH + 1) levelsLeft--;
			else if (depth === MAX_DEPTH + 2) tooDeepFrom = at;
			if (levelsLeft < 0) return 'tooMany';
		} else if (code === CLOSE_LIST || code === CLOSE_MAP) {
			if (depth-- === MAX_DEPTH + 2) replace(tooDeepFrom, at + 1, 'null');
		} else if (isIntegerPart(code)) {
			const start = at;
			while (isIntegerPart(body.charCodeAt(at + 1))) at++;
			if (at - start < SAFE_LENGTH || depth > MAX_DEPTH + 1) continue;
			const number = body.slice(start, at + 1);
			if (isRounded(number) && !isDecimalPart(body[start - 1]) && !isDecimalPart(body[at + 1]))
				replace(start, at + 1, `"${number}"`);
		}
	}
	if (depth !== 0) return undefined;
	return pieces.length === 0 ? body : pieces.join('') + body.slice(copiedTo);
}

/** Where the text that begins at `start` has its closing quote; the body's end if it has none. */
function findEndOfText(body: string, start: number): number {
	for (let at = start + 1; at < body.length; at++) {
		const code = body.charCodeAt(at);
		if (code === QUOTE) return at;
		if (code === BACKSLASH) at++;
	}
	return body.length;
}

function isIntegerPart(code: number): boolean {
	return (code >= ZERO && code <= ZERO + 9) || code === MINUS;
}

/** Whether an integer next to this character is part of a decimal number. */
function isDecimalPart(character = ' '): boolean {
	return '.eE+'.includes(character);
}

function isRounded(number: string): boolean {
	return Math.abs(Number(number)) > Number.MAX_SAFE_INTEGER;
}
