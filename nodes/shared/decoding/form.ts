import type { JsonMap } from '../events/json';
import { MAX_DEPTH, maxParts, type Tree, type TreeMap } from './tree';

type Level = Map<string, Tree>;

/** Kommo's have more, but for pairs such as `leads[delete][0][id]=7`, of which it sends some hundred. */
const CHARACTERS_PER_PAIR = 24;
const CHARACTERS_PER_LEVEL = 40;

/** Kommo's names have less than 200 characters. Longer ones are left out. */
const MAX_NAME_LENGTH = 10_000;

/** Below this size, the next index of a level is looked for each time: to remember it takes more memory. */
const SMALL_LEVEL = 8;

const PERCENT = 0x25;

/** Kommo has fewer names of fields. */
const MAX_SHARED_KEYS = 1_000;

/** PHP's integers have 64 bits. */
const MAX_INDEX = 2n ** 63n - 1n;

/**
 * A name without anything that PHP treats specially but empty brackets at its end, as all of Kommo's are. Captures its
 * path and its last key.
 */
const PLAIN_NAME = new RegExp(`^(\\w+(?:\\[\\w+\\]){0,${MAX_DEPTH - 1}})\\[(\\w*)\\]$`);

/**
 * Reads a form body (`application/x-www-form-urlencoded`) the way PHP's `parse_str` reads what PHP's
 * `http_build_query` wrote, as compared with PHP 8.2. Anything is readable as a form.
 */
export function parseForm(body: string): TreeMap | 'tooMany' {
	if (countPairs(body) > maxParts(body, CHARACTERS_PER_PAIR)) return 'tooMany';
	const builder = new TreeBuilder(body);
	for (let start = 0, end; start < body.length; start = end + 1) {
		end = findEnd(body, start);
		const pair = body.slice(start, end);
		const equals = pair.indexOf('=');
		if (equals === -1) builder.add(decode(pair), '');
		else builder.add(decode(pair.slice(0, equals)), decode(pair.slice(equals + 1)));
		if (builder.isFull) return 'tooMany';
	}
	return builder.root;
}

function countPairs(body: string): number {
	let count = 0;
	for (let start = 0; start < body.length; start = findEnd(body, start) + 1) count++;
	return count;
}

/** Where the pair that begins at `start` ends. */
function findEnd(body: string, start: number): number {
	const end = body.indexOf('&', start);
	return end === -1 ? body.length : end;
}

/**
 * Reads JSON whose keys are the names of a form, as n8n shows a form's body: `{"leads[add][0][id]": "1"}`.
 * A name that ends in empty brackets has a list of all values that the form repeats it with.
 */
export function parseNames(json: JsonMap, body: string): TreeMap | 'tooMany' {
	const names = Object.keys(json);
	if (names.length > maxParts(body, CHARACTERS_PER_PAIR)) return 'tooMany';
	const builder = new TreeBuilder(body);
	for (const name of names) {
		const value = json[name]!;
		builder.add(Array.isArray(value) ? name.replace(/\[\]$/, '') : name, value);
		if (builder.isFull) return 'tooMany';
	}
	return builder.root;
}

function decode(text: string): string {
	// Not `replaceAll`, which takes fifty times the memory of a text that is nothing but pluses.
	const spaced = text.includes('+') ? text.split('+').join(' ') : text;
	if (!spaced.includes('%')) return spaced;
	try {
		return decodeURIComponent(spaced);
	} catch {
		return decodeBroken(spaced);
	}
}

/** Leaves a broken escape as it stands, and makes U+FFFD of bytes that are no UTF-8. */
function decodeBroken(text: string): string {
	const bytes = Buffer.from(text);
	let length = 0;
	for (let at = 0; at < bytes.length; at++) {
		const digits = bytes[at] === PERCENT ? bytes.toString('latin1', at + 1, at + 3) : '';
		const isEscape = /^[\da-f]{2}$/i.test(digits);
		bytes[length++] = isEscape ? parseInt(digits, 16) : bytes[at]!;
		if (isEscape) at += 2;
	}
	return bytes.toString('utf8', 0, length);
}

/** Nests pairs of name and value as PHP does (`php_register_variable_ex` in main/php_variables.c). */
class TreeBuilder {
	readonly root: Level = new Map();

	/** The index that the next empty brackets stand for, of each level that has had some */
	private readonly nextIndices = new Map<Level, bigint>();

	private readonly sharedKeys = new Map<string, string>();

	/** The path of the latest plain name, and the level that it leads to: most names have the path of the one before. */
	private path = '';

	private level = this.root;

	private levelsLeft: number;

	constructor(body: string) {
		this.levelsLeft = maxParts(body, CHARACTERS_PER_LEVEL);
	}

	/** Whether there are more levels than a body of this size may have. */
	get isFull(): boolean {
		return this.levelsLeft < 0;
	}

	add(name: string, value: Tree): void {
		if (name.length > MAX_NAME_LENGTH) return;
		const [, path, key] = PLAIN_NAME.exec(name) ?? [];
		if (path === undefined || key === undefined) {
			this.addAny(takeApart(name), value);
			// A value may have taken the place of the level.
			this.path = '';
			return;
		}
		if (path !== this.path) {
			this.level = this.open(takeApart(path));
			this.path = path;
		}
		this.put(this.level, this.share(key), value);
	}

	/** One string for all equal keys: those of many records would keep the garbage collector busy. */
	private share(key: string): string {
		const shared = this.sharedKeys.get(key);
		if (shared === undefined && this.sharedKeys.size < MAX_SHARED_KEYS) {
			this.sharedKeys.set(key, key);
		}
		return shared ?? key;
	}

	private addAny(keys: string[], value: Tree): void {
		if (keys.length === 0 || keys.length > MAX_DEPTH + 1) return;
		this.put(this.open(keys.slice(0, -1)), keys.at(-1)!, value);
	}

	/** The level at the end of a path. A value on the path is replaced. */
	private open(path: string[]): Level {
		let level = this.root;
		for (const sent of path) {
			const key = this.resolve(level, sent);
			let child = level.get(key);
			if (!(child instanceof Map)) level.set(key, (child = this.addLevel()));
			level = child as Level;
		}
		return level;
	}

	private addLevel(): Level {
		this.levelsLeft--;
		return new Map();
	}

	private put(level: Level, sent: string, value: Tree): void {
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
		if (level.size >= SMALL_LEVEL) this.nextIndices.set(level, index + 1n);
		return String(index);
	}
}

/** The index behind the highest key that PHP takes for an integer. */
function findNextIndex(keys: Iterable<string>, least?: bigint): bigint {
	let next = least;
	for (const key of keys) {
		const index = /^(?:0|-?[1-9]\d{0,18})$/.test(key) ? BigInt(key) : MAX_INDEX + 1n;
		if (index > MAX_INDEX) continue;
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
