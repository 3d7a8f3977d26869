import { MAX_DEPTH, type Tree, type TreeMap } from './tree';

type Level = Map<string, Tree>;

/** How many characters `URLSearchParams` gets at once: with all of a large body the garbage collector would be busy. */
const PIECE_LENGTH = 2 ** 14;

/** A name without anything that PHP treats specially, as all of Kommo's are: the keys before the last one, and that */
const PLAIN_NAME = new RegExp(`^(\\w+(?:\\[\\w+\\]){0,${MAX_DEPTH - 1}})\\[(\\w+)\\]$`);

/**
 * Reads a form body (`application/x-www-form-urlencoded`) the way PHP's `parse_str` reads what PHP's
 * `http_build_query` wrote, as compared with PHP 8.2. Anything is readable as a form, so this
 * never throws.
 */
export function parseForm(body: string): TreeMap {
	const builder = new TreeBuilder();
	for (const piece of cutBetweenPairs(body)) {
		// A question mark at the beginning would be left out.
		for (const [name, value] of new URLSearchParams(`&${piece}`)) builder.add(name, value);
	}
	return builder.root;
}

function* cutBetweenPairs(body: string): Generator<string> {
	for (let start = 0, end; start < body.length; start = end) {
		end = body.indexOf('&', start + PIECE_LENGTH);
		if (end === -1) end = body.length;
		yield body.slice(start, end);
	}
}

/** Nests pairs of name and value as PHP does (`php_register_variable_ex` in main/php_variables.c). */
class TreeBuilder {
	readonly root: Level = new Map();

	/** The index that the next empty brackets stand for, of each level that has had some */
	private readonly nextIndices = new Map<Level, bigint>();

	/** The latest plain name but for its last key, and the level that it leads to: most pairs share it with the next. */
	private path = '';

	private level = this.root;

	add(name: string, value: string): void {
		const [, path, key] = PLAIN_NAME.exec(name) ?? [];
		if (path === undefined || key === undefined) {
			this.addAny(takeApart(name), value);
			this.path = '';
			return;
		}
		if (path !== this.path) {
			this.level = this.open(takeApart(path));
			this.path = path;
		}
		this.put(this.level, key, value);
	}

	private addAny(keys: string[], value: string): void {
		if (keys.length === 0 || keys.length > MAX_DEPTH + 1) return;
		this.put(this.open(keys.slice(0, -1)), keys.at(-1)!, value);
	}

	/** The level at the end of a path. It takes the place of a value there. */
	private open(path: string[]): Level {
		let level = this.root;
		for (const sent of path) {
			const key = this.resolve(level, sent);
			let child = level.get(key);
			if (!(child instanceof Map)) level.set(key, (child = new Map<string, Tree>()));
			level = child as Level;
		}
		return level;
	}

	private put(level: Level, sent: string, value: string): void {
		level.set(this.resolve(level, sent), value);
	}

	/** The key that was sent, or the index that empty brackets stand for. */
	private resolve(level: Level, sent: string): string {
		const next = this.nextIndices.get(level);
		if (sent !== '') {
			if (next !== undefined) this.nextIndices.set(level, findNextIndex([sent], next));
			return sent;
		}
		const index = next ?? findNextIndex(level.keys());
		this.nextIndices.set(level, index + 1n);
		return String(index);
	}
}

/** The index behind the highest key that PHP takes for an integer. It has 64 bits. */
function findNextIndex(keys: Iterable<string>, least?: bigint): bigint {
	let next = least;
	for (const key of keys) {
		if (!/^(?:0|-?[1-9]\d{0,18})$/.test(key)) continue;
		const index = BigInt(key);
		if (next === undefined || index >= next) next = index + 1n;
	}
	return next ?? 0n;
}

/** `leads[add][][id]` -> `leads`, `add`, an empty key (append) and `id`. Nothing for a name that PHP ignores. */
function takeApart(name: string): string[] {
	if (/^\w+$/.test(name)) return [name];
	const [, root = '', brackets = ''] = /^ *([^[\0]*)([^\0]*)/.exec(name) ?? [];
	if (root === '') return [];
	if (brackets !== '' && !brackets.includes(']')) return [(root + brackets).replace(/[ .[]/g, '_')];
	const keys = brackets.matchAll(/\[(?:[ \t-\r](?=\]))?([^\]]*)\]/gy);
	return [root.replace(/[ .]/g, '_'), ...Array.from(keys, ([, key = '']) => key)];
}
