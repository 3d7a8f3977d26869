import type { Json, JsonMap } from '../events/json';
import { toNumberIfId } from './ids';

/**
 * A decoded body. Its maps keep the order in which keys were sent, which an object would not. A form's
 * lists are maps too, which `toJson` turns into arrays, and its leaves are all strings.
 */
export type Tree = string | number | boolean | null | readonly Tree[] | TreeMap;
export type TreeMap = ReadonlyMap<string, Tree>;

/**
 * How deep a body may nest: PHP's own limit for a form (`max_input_nesting_level`), far above
 * Kommo's eight. What lies deeper is dropped, so that no body can exhaust the stack.
 */
export const MAX_DEPTH = 64;

/** With these as keys, code further down a workflow could change the prototype of every object. */
const PROTOTYPE_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

export function isSafeKey(key: string): boolean {
	return !PROTOTYPE_KEYS.has(key);
}

/**
 * What PHP's `json_encode` makes of the tree, a list of keys 0..n-1 in that order and else a map,
 * with its ids as numbers.
 */
export function toJson(tree: Tree): Json {
	if (tree instanceof Map) return isList(tree) ? [...tree.values()].map(toJson) : toJsonMap(tree);
	return Array.isArray(tree) ? tree.map(toJson) : (tree as Json);
}

/** The map as an object, without keys that reach a prototype. */
export function toJsonMap(map: TreeMap): JsonMap {
	const json: JsonMap = {};
	for (const [key, value] of map) {
		if (isSafeKey(key))
			json[key] = typeof value === 'string' ? toNumberIfId(key, value) : toJson(value);
	}
	return json;
}

function isList(map: TreeMap): boolean {
	let index = 0;
	for (const key of map.keys()) if (key !== String(index++)) return false;
	return map.size > 0;
}
