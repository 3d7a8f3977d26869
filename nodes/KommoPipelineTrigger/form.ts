import parse from 'qs/lib/parse';

import { listOrMap, MAX_DEPTH, type Json } from './tree';

/**
 * Every key passes through qs behind a mark. It keeps the order of numeric keys, which a plain object
 * would sort and which decides between list and map; `__proto__` is a mere name with it; and a name
 * that is a value here and a container there does not make qs mix the two.
 */
const CONTAINER = '.';
const VALUE = ':';

/** Stands for a bracket inside a key while qs looks for brackets. PHP ends a name at its first NUL. */
const NUL = '\0';

/**
 * Reads a form body (`application/x-www-form-urlencoded`) the way PHP reads what PHP wrote: the
 * result is what `parse_str` and then `json_encode` make of it, as compared with PHP 8.2. Leaves
 * are strings. Anything is readable as a form, so this never throws.
 */
export function parseForm(body: string): Json {
	const readName = nameReader();
	const parsed = parse(body, {
		decoder: (text, _default, _charset, kind) =>
			kind === 'key' ? readName(decode(text)) : decode(text),
		depth: MAX_DEPTH,
		parameterLimit: Infinity,
		duplicates: 'last',
		// The time that qs takes for arrays grows with the square of their length.
		parseArrays: false,
		allowSparse: true,
	});
	return unmark(parsed);
}

/** Percent decoding that leaves a broken escape as it stands, and decodes the rest all the same. */
function decode(text: string): string {
	try {
		return decodeURIComponent(text.replaceAll('+', ' '));
	} catch {
		return new URLSearchParams(`=${text}`).get('') ?? text;
	}
}

/**
 * Returns a function that takes the decoded names of one form in their order and spells each so
 * that qs takes it apart as PHP would (`php_register_variable_ex` in main/php_variables.c), or
 * gives null for a name that PHP ignores.
 */
function nameReader(): (name: string) => string | null {
	const nextIndexes = new Map<string, number>();

	return (name) => {
		const keys = takeApart(name);
		if (keys.length === 0 || keys.length > MAX_DEPTH + 1) return null;
		return keys.reduce((path, key, depth) => {
			const mark = depth === keys.length - 1 ? VALUE : CONTAINER;
			if (depth === 0) return mark + key;
			const nextIndex = nextIndexes.get(path) ?? 0;
			const index = key === '' ? nextIndex : Number(key);
			if (key === '' || String(index) === key) {
				nextIndexes.set(path, Math.max(nextIndex, index + 1));
			}
			return `${path}[${mark}${(key || String(index)).replaceAll('[', NUL)}]`;
		}, '');
	};
}

/** `leads[add][][id]` -> `leads`, `add`, an empty key (append) and `id` */
function takeApart(name: string): string[] {
	const [, root = '', brackets = ''] = /^ *([^[\0]*)([^\0]*)/.exec(name) ?? [];
	if (root === '') return [];
	if (brackets !== '' && !brackets.includes(']')) return [(root + brackets).replace(/[ .[]/g, '_')];
	const keys = brackets.matchAll(/\[(?:\s(?=\]))?([^\]]*)\]/gy);
	return [root.replace(/[ .]/g, '_'), ...Array.from(keys, ([, key = '']) => key)];
}

/** Takes the marks off. Of a value and a container with one key the later stays, in the earlier's place. */
function unmark(node: unknown): Json {
	// qs gathers equal names into a list, whatever `duplicates` says, if they were written with `[]`.
	if (Array.isArray(node)) return unmark(node.at(-1));
	if (typeof node !== 'object' || node === null) return String(node);
	const entries = Object.entries(node).map(
		([key, value]) => [key.slice(1).replaceAll(NUL, '['), unmark(value)] as const,
	);
	return listOrMap([...new Map(entries)]);
}
