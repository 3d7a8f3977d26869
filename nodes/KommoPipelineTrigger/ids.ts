import type { Json } from './tree';

/**
 * The tree with its ids as numbers: a field named `id` or ending in `_id`, at any depth, whose
 * value is the canonical decimal of a safe integer. Everything else stays as sent, because
 * elsewhere digits are not a quantity: `"007"` is a text, an id beyond 2^53 would change.
 */
export function typeIds<T extends Json>(tree: T): T;
export function typeIds(tree: Json): Json {
	if (Array.isArray(tree)) return tree.map((element) => typeIds(element));
	if (typeof tree !== 'object' || tree === null) return tree;
	return Object.fromEntries(
		Object.entries(tree).map(([name, value]) => [name, typeField(name, value)]),
	);
}

function typeField(name: string, value: Json): Json {
	if (typeof value !== 'string') return typeIds(value);
	if (name !== 'id' && !name.endsWith('_id')) return value;
	const id = Number(value);
	return Number.isSafeInteger(id) && String(id) === value ? id : value;
}
