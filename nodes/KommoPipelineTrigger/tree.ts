/** A decoded body. A form's leaves are all strings; a JSON body has every kind. */
export type Json = string | number | boolean | null | Json[] | JsonMap;
export interface JsonMap {
	[key: string]: Json;
}

/**
 * How deep a body may nest: PHP's own limit for a form (`max_input_nesting_level`), far above
 * Kommo's eight. What lies deeper is dropped, so that no body can exhaust the stack.
 */
export const MAX_DEPTH = 64;

/** With these as keys, code further down a workflow could change the prototype of every object. */
const PROTOTYPE_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * What PHP's `json_encode` makes of an array with these entries: a list when the keys are 0..n-1
 * in that order, a map otherwise. Prototype keys are dropped.
 */
export function listOrMap(entries: ReadonlyArray<readonly [string, Json]>): Json[] | JsonMap {
	const isList = entries.length > 0 && entries.every(([key], index) => key === String(index));
	if (isList) return entries.map(([, value]) => value);
	return Object.fromEntries(entries.filter(([key]) => !PROTOTYPE_KEYS.has(key)));
}

export function isMap(value: Json | undefined): value is JsonMap {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
