import { listOrMap, MAX_DEPTH, type Json } from './tree';

/** Reads a JSON body into the tree that the same payload has as a form; nothing if it is not JSON. */
export function parseJson(body: string): Json | undefined {
	try {
		return normalise(JSON.parse(body) as Json, 0);
	} catch {
		return undefined;
	}
}

function normalise(value: Json, depth: number): Json {
	if (typeof value !== 'object' || value === null) return value;
	if (depth > MAX_DEPTH) return null;
	if (Array.isArray(value)) return value.map((element) => normalise(element, depth + 1));
	return listOrMap(Object.entries(value).map(([key, child]) => [key, normalise(child, depth + 1)]));
}
