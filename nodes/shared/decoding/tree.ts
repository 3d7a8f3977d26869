import { isSafeKey, type Json, type JsonMap } from '../events/json';
import { toNumberIfId } from './ids';

/**
 * A decoded body. Each level of a form is a `Map`, which keeps the order of its keys. Lists of a form are
 * maps too. A JSON body is the result of `JSON.parse`.
 */
export type Tree = Json | TreeMap;
export type TreeMap = ReadonlyMap<string, Tree>;

/**
 * How deep a body may nest: PHP's own limit for a form (`max_input_nesting_level`), far above
 * Kommo's eight. What lies deeper is dropped, so that no body can exhaust the stack.
 */
export const MAX_DEPTH = 64;

/**
 * How many parts a body may have: values, or lists and maps. Kommo's bodies have fewer. A part can be two
 * characters long, but it takes up to 200 bytes of memory and some microseconds.
 *
 * @param characters a body of this many characters may have one more part
 */
export function maxParts(body: string, characters: number): number {
	return 20_000 + body.length / characters;
}

/** Why a body gives no events: it cannot be Kommo's, or it holds more than Kommo ever sends. */
export type Unreadable = 'notKommo' | 'tooMany';

export function isTreeMap(tree: Tree | undefined): tree is TreeMap | JsonMap {
	return typeof tree === 'object' && tree !== null && !Array.isArray(tree);
}

function isFormMap(tree: Tree): tree is TreeMap {
	return tree instanceof Map;
}

/** The keys and values of a map, in its order */
export function* entriesOf(map: TreeMap | JsonMap): Generator<readonly [string, Tree]> {
	if (isFormMap(map)) yield* map;
	// Not `Object.keys`: a caller that needs only the first key need not wait for a million keys.
	else for (const key in map) yield [key, map[key]!];
}

/** The value of a key; nothing if the map does not have it. */
export function valueOf(map: TreeMap | JsonMap, key: string): Tree | undefined {
	if (isFormMap(map)) return map.get(key);
	return Object.hasOwn(map, key) ? map[key] : undefined;
}

/**
 * The tree as JSON. As in PHP's `json_encode`, a form's map with the keys 0..n-1, in that order, becomes a
 * list. Ids become numbers, and keys that reach a prototype are left out. A JSON body is changed in place,
 * because a copy would double the memory of a large body.
 */
export function toJson(tree: Tree): Json {
	if (typeof tree !== 'object' || tree === null) return tree;
	if (isFormMap(tree) && isList(tree)) return Array.from(tree.values(), toJson);
	if (!Array.isArray(tree)) return toJsonMap(tree);
	for (let index = 0; index < tree.length; index++) {
		const child = tree[index]!;
		if (typeof child === 'object') tree[index] = toJson(child);
	}
	return tree;
}

/** The map as an object, as `toJson` gives it. */
export function toJsonMap(map: TreeMap | JsonMap): JsonMap {
	if (isFormMap(map)) {
		const json: JsonMap = {};
		for (const [key, value] of map) if (isSafeKey(key)) json[key] = toField(key, value);
		return json;
	}
	for (const key of Object.keys(map)) {
		const value = map[key]!;
		if (!isSafeKey(key)) delete map[key];
		else if (typeof value === 'string' || typeof value === 'object') map[key] = toField(key, value);
	}
	return map;
}

function toField(key: string, value: Tree): Json {
	return typeof value === 'string' ? toNumberIfId(key, value) : toJson(value);
}

function isList(map: TreeMap): boolean {
	let index = 0;
	for (const key of map.keys()) if (key !== String(index++)) return false;
	return map.size > 0;
}
