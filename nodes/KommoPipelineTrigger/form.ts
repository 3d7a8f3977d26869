import parse from 'qs/lib/parse';

import { listOrMap, MAX_DEPTH, type Json } from './tree';

/**
 * Every key passes through qs behind this mark: it keeps the order of numeric keys, which a plain
 * object would sort and which decides between list and map, and `__proto__` is a mere name with it.
 */
const MARK = '.';

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
		const [root, ...keys] = takeApart(name);
		if (root === '' || keys.length > MAX_DEPTH) return null;
		return keys.reduce((path, key) => {
			const nextIndex = nextIndexes.get(path) ?? 0;
			const index = key === '' ? nextIndex : Number(key);
			if (key === '' || String(index) === key) {
				nextIndexes.set(path, Math.max(nextIndex, index + 1));
			}
			return `${path}[${MARK}${(key || String(index)).replaceAll('[', NUL)}]`;
		}, MARK + root);
	};
}

/** `leads[add][][id]` -> `leads`, `add`, an empty key (append) and `id` */
function takeApart(name: string): string[] {
	const [, root = '', brackets = ''] = /^ *([^[\0]*)([^\0]*)/.exec(name) ?? [];
	if (brackets !== '' && !brackets.includes(']')) return [(root + brackets).replace(/[ .[]/g, '_')];
	const keys = brackets.matchAll(/\[(?:\s(?=\]))?([^\]]*)\]/gy);
	return [root.replace(/[ .]/g, '_'), ...Array.from(keys, ([, key = '']) => key)];
}

/**
 * Where one name is both a value and a container, qs keeps a list, or a map with keys of its own;
 * PHP keeps the later.
 */
function unmark(node: unknown): Json {
	if (Array.isArray(node)) return unmark(node.at(-1));
	if (typeof node !== 'object' || node === null) return String(node);
	return listOrMap(
		Object.entries(node)
			.filter(([key]) => key.startsWith(MARK))
			.map(([key, value]) => [key.slice(MARK.length).replaceAll(NUL, '['), unmark(value)]),
	);
}
