import parse from 'qs/lib/parse';

import { MAX_DEPTH, type Tree, type TreeMap } from './tree';

export const QS_OPTIONS = {
	depth: MAX_DEPTH,
	parameterLimit: Infinity,
	duplicates: 'last',
	// The time that qs takes for arrays grows with the square of their length.
	parseArrays: false,
	// Without arrays there are no holes to look for.
	allowSparse: true,
} as const;

/**
 * Every key passes through qs behind a mark. It keeps the order of numeric keys, which a plain object
 * would sort; `__proto__` is a mere name with it; and a name that is a value here and a container
 * there does not make qs mix the two.
 */
const CONTAINER = '.';
const VALUE = ':';

/** A mark's other half: whether the key was sent, or is a number in place of an empty one. */
const SENT = '=';
const APPENDED = '+';

/** A bracket within a key, while qs looks for brackets. PHP's names have no NUL. */
const BRACKET = '\0';

/** A name without anything that PHP treats specially, as all of Kommo's are. */
const PLAIN_NAME = new RegExp(`^\\w+(?:\\[\\w+\\]){1,${MAX_DEPTH}}$`);

/**
 * Reads a form body (`application/x-www-form-urlencoded`) the way PHP's `parse_str` reads what PHP's
 * `http_build_query` wrote, as compared with PHP 8.2. Anything is readable as a form, so this
 * never throws.
 */
export function parseForm(body: string): TreeMap {
	let appends = 0;
	const parsed = parse(body, {
		decoder: (text, _default, _charset, kind) =>
			kind === 'key' ? spellName(decode(text), () => appends++) : decode(text),
		...QS_OPTIONS,
	});
	return toTreeMap([parsed]);
}

/** Percent decoding that leaves a broken escape as it stands, and decodes the rest all the same. */
function decode(text: string): string {
	if (!/[%+]/.test(text)) return text;
	try {
		return decodeURIComponent(text.replaceAll('+', ' '));
	} catch {
		return new URLSearchParams(`=${text}`).get('') ?? text;
	}
}

/**
 * Spells a name so that qs takes it apart as PHP would (`php_register_variable_ex` in
 * main/php_variables.c), or gives null for one that PHP ignores.
 */
function spellName(name: string, nextAppend: () => number): string | null {
	if (PLAIN_NAME.test(name)) return spellPlainName(name);

	const keys = takeApart(name);
	if (keys.length === 0 || keys.length > MAX_DEPTH + 1) return null;
	const marked = keys.map((key, depth) => {
		const kind = depth === keys.length - 1 ? VALUE : CONTAINER;
		return key === ''
			? `${kind}${APPENDED}${nextAppend()}`
			: `${kind}${SENT}${key.replaceAll('[', BRACKET)}`;
	});
	return marked.length === 1 ? marked.join() : `${marked[0]}[${marked.slice(1).join('][')}]`;
}

/** A shortcut: what spellName would give, without taking the name apart. */
function spellPlainName(name: string): string {
	const last = name.lastIndexOf('[');
	const containers = name.slice(0, last).replaceAll('[', `[${CONTAINER}${SENT}`);
	return `${CONTAINER}${SENT}${containers}[${VALUE}${SENT}${name.slice(last + 1)}`;
}

/** `leads[add][][id]` -> `leads`, `add`, an empty key (append) and `id` */
function takeApart(name: string): string[] {
	const [, root = '', brackets = ''] = /^ *([^[\0]*)([^\0]*)/.exec(name) ?? [];
	if (root === '') return [];
	if (brackets !== '' && !brackets.includes(']')) return [(root + brackets).replace(/[ .[]/g, '_')];
	const keys = brackets.matchAll(/\[(?:[ \t-\r](?=\]))?([^\]]*)\]/gy);
	return [root.replace(/[ .]/g, '_'), ...Array.from(keys, ([, key = '']) => key)];
}

/**
 * Takes the marks off, and gives appended keys their index. Of a value and a container with one key
 * the later stays, in the earlier's place; containers with one key are one.
 */
function toTreeMap(containers: object[]): TreeMap {
	const children = new Map<string, string | object[]>();
	let nextIndex: bigint | undefined;
	for (const container of containers) {
		for (const [marked, value] of Object.entries(container)) {
			const sent = marked.slice(2).replaceAll(BRACKET, '[');
			const key = marked[1] === APPENDED ? String(nextIndex ?? 0) : sent;
			if (isIndex(key) && BigInt(key) >= (nextIndex ?? BigInt(key))) nextIndex = BigInt(key) + 1n;

			// Whatever `duplicates` says, qs lists the values of equal names that end in `[]`.
			const latest: unknown = Array.isArray(value) ? value.at(-1) : value;
			const earlier = children.get(key);
			if (typeof latest === 'string') children.set(key, latest);
			else if (Array.isArray(earlier)) earlier.push(latest as object);
			else children.set(key, [latest as object]);
		}
	}
	const tree = children as Map<string, Tree | object[]>;
	for (const [key, child] of tree) {
		if (Array.isArray(child)) tree.set(key, toTreeMap(child));
	}
	return tree as TreeMap;
}

/** Whether PHP takes the key for an integer, which an empty key continues from. It has 64 bits. */
function isIndex(key: string): boolean {
	return /^(?:0|-?[1-9]\d{0,18})$/.test(key);
}
