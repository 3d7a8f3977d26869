import type { Json, JsonMap } from '../events/json';
import { MAX_DEPTH, maxParts } from './tree';

/** Few bodies of Kommo's have more when somebody has written them as JSON. */
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
 * Reads the JSON of a list or a map; nothing if it is none. An integer beyond 2^53 becomes a text, since as a
 * number it would be another one, and a list or a map that lies deeper than `MAX_DEPTH` becomes null.
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
 * What `JSON.parse` can read with no loss and little memory; nothing if a bracket is not closed. This goes through the characters once: a regular
 * expression would take quadratic time where a text is not closed, and its stack ends at some megabytes of escapes.
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
			// The body itself is one level above the deepest that is kept.
			if (++depth <= MAX_DEPTH + 1) levelsLeft--;
			else if (depth === MAX_DEPTH + 2) tooDeepFrom = at;
			if (levelsLeft < 0) return 'tooMany';
		} else if (code === CLOSE_LIST || code === CLOSE_MAP) {
			if (depth-- === MAX_DEPTH + 2) replace(tooDeepFrom, at + 1, 'null');
		} else if (isOfInteger(code)) {
			const start = at;
			while (isOfInteger(body.charCodeAt(at + 1))) at++;
			if (at - start < SAFE_LENGTH || depth > MAX_DEPTH + 1) continue;
			const number = body.slice(start, at + 1);
			if (isRounded(number) && !isOfDecimal(body[start - 1]) && !isOfDecimal(body[at + 1]))
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

function isOfInteger(code: number): boolean {
	return (code >= ZERO && code <= ZERO + 9) || code === MINUS;
}

/** Whether an integer beside it is a part of another number. */
function isOfDecimal(character: string | undefined): boolean {
	return character !== undefined && '.eE+'.includes(character);
}

function isRounded(number: string): boolean {
	return /^-?\d+$/.test(number) && !Number.isSafeInteger(Number(number));
}
