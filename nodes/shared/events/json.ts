/** JSON as n8n's items hold it */
export type Json = string | number | boolean | null | Json[] | JsonMap;
export interface JsonMap {
	[key: string]: Json;
}

/** With these keys in an item, code later in a workflow could change the prototype of every object. */
const PROTOTYPE_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

export function isSafeKey(key: string): boolean {
	return !PROTOTYPE_KEYS.has(key);
}

export function isMap(value: unknown): value is JsonMap {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The maps in a list; none if it is not a list. */
export function listMaps(list: Json | undefined): JsonMap[] {
	return Array.isArray(list) ? list.filter(isMap) : [];
}
