import type { JsonMap } from '../events/json';
import { MAX_DEPTH, maxParts, type Tree, type TreeMap } from './tree';

type Level = Map<string, Tree>;

/**
 * Kommo's pairs are longer, except for some such as `leads[delete][0][id]=7`. Of these it sends a few
 * hundred.
 */
const CHARACTERS_PER_PAIR = 24;
const CHARACTERS_PER_LEVEL = 40;

/** Kommo's names have fewer than 200 characters. Names longer than this are left out. */
const MAX_NAME_LENGTH = 10_000;

/** In a smaller level the next index is searched each time, because remembering it takes more memory. */
const SMALL_LEVEL = 8;

const SPACE = 0x20;
const PERCENT = 0x25;
const PLUS = 0x2b;
const ZERO = 0x30;
const LETTER_A = 0x61;
/** The bit that makes a letter a small one */
const LOWER_CASE = 0x20;

/** Kommo has fewer field names than this. */
const MAX_SHARED_KEYS = 1_000;

/** PHP's integers have 64 bits. */
const MAX_INDEX = 2n ** 63n - 1n;

/**
 * A name in which PHP treats nothing specially, except for empty brackets at the end. All of Kommo's names
 * are like this. Captures the path and the last key.
 */
const PLAIN_NAME = new RegExp(`^(\\w+(?:\\[\\w+\\]){0,${MAX_DEPTH - 1}})\\[(\\w*)\\]$`);

/**
 * Reads a form body (`application/x-www-form-urlencoded`), written by PHP's `http_build_query`, as PHP's
 * `parse_str` does. Compared with PHP 8.2. Any text can be read as a form.
 */
export function parseForm(body: string): TreeMap | 'tooMany' {
	const builder = new TreeBuilder(body);
	for (let start = 0, end; start < body.length; start = end + 1) {
		end = body.indexOf('&', start);
		if (end === -1) end = body.length;
		const pair = body.slice(start, end);
		const equals = pair.indexOf('=');
		if (equals === -1) builder.add(decode(pair), '');
		else builder.add(decode(pair.slice(0, equals)), decode(pair.slice(equals + 1)));
		if (builder.isFull) return 'tooMany';
	}
	return builder.root;
}

/**
 * Reads JSON whose keys are the names of a form, as n8n shows a form's body: `{"leads[add][0][id]": "1"}`. If
 * the form repeats a name that ends in empty brackets, the JSON has a list of its values.
 */
export function parseNames(json: JsonMap, body: string): TreeMap | 'tooMany' {
	const builder = new TreeBuilder(body);
	for (const name of Object.keys(json)) {
		const value = json[name]!;
		builder.add(Array.isArray(value) ? name.replace(/\[\]$/, '') : name, value);
		if (builder.isFull) return 'tooMany';
	}
	return builder.root;
}

/**
 * Decodes a name or a value. It leaves a broken escape as it is, and turns bytes that are not UTF-8 into U+FFFD.
 */
function decode(text: string): string {
	if (!/[%+]/.test(text)) return text;
	const bytes = Buffer.from(text);
	let length = 0;
	for (let at = 0; at < bytes.length; at++) {
		const sent = bytes[at]!;
		const escaped = sent === PERCENT ? readEscape(bytes[at + 1], bytes[at + 2]) : undefined;
		bytes[length++] = escaped ?? (sent === PLUS ? SPACE : sent);
		if (escaped !== undefined) at += 2;
	}
	return bytes.toString('utf8', 0, length);
}

/** The byte that two hexadecimal digits stand for; nothing if they are none */
function readEscape(first: number | undefined, second: number | undefined): number | undefined {
	const [high, low] = [digitOf(first), digitOf(second)];
	return high === undefined || low === undefined ? undefined : 16 * high + low;
}

function digitOf(code = 0): number | undefined {
	if (code >= ZERO && code <= ZERO + 9) return code - ZERO;
	const lower = code | LOWER_CASE;
	return lower >= LETTER_A && lower < LETTER_A + 6 ? lower - LETTER_A + 10 : undefined;
}

/** Nests pairs of name and value as PHP does (`php_register_variable_ex` in main/php_variables.c). */
class TreeBuilder {
	readonly root: Level = new Map();

	/** For each level in which empty brackets have occurred, the index that the next ones stand for */
	private readonly nextIndices = new Map<Level, bigint>();

	private readonly sharedKeys = new Map<string, string>();

	/**
	 * The path of the latest plain name, which leads to `level`. Most names have the same path as the name
	 * before.
	 */
	private path = '';

	private level = this.root;

	private pairsLeft: number;

	private levelsLeft: number;

	constructor(body: string) {
		this.pairsLeft = maxParts(body, CHARACTERS_PER_PAIR);
		this.levelsLeft = maxParts(body, CHARACTERS_PER_LEVEL);
	}

	/** Whether there are more pairs or levels than a body of this size may have. */
	get isFull(): boolean {
		return this.pairsLeft < 0 || this.levelsLeft < 0;
	}

	add(name: string, value: Tree): void {
		this.pairsLeft--;
		if (name.length > MAX_NAME_LENGTH) return;
		const [, path, key] = PLAIN_NAME.exec(name) ?? [];
		if (path === undefined) {
			this.addAny(splitName(name), value);
			// The value may have replaced the level.
			this.path = '';
			return;
		}
		if (path !== this.path) {
			this.level = this.open(splitName(path));
			this.path = path;
		}
		this.put(this.level, this.share(key!), value);
	}

	/** Gives one string for all equal keys. One for each record would keep the garbage collector busy. */
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
			const key = this.resolveKey(level, sent);
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
		level.set(this.resolveKey(level, sent), value);
	}

	/** The key that was sent, or the index that empty brackets stand for. */
	private resolveKey(level: Level, sent: string): string {
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
function splitName(name: string): string[] {
	if (/^\w+$/.test(name)) return [name];
	const [, root = '', brackets = ''] = /^ *([^[\0]*)([^\0]*)/.exec(name) ?? [];
	if (root === '') return [];
	if (brackets !== '' && !brackets.includes(']')) return [(root + brackets).replace(/[ .[]/g, '_')];
	const keys = brackets.matchAll(/\[(?:[ \t-\r](?=\]))?([^\]]*)\]/gy);
	return [root.replace(/[ .]/g, '_'), ...Array.from(keys, ([, key = '']) => key)];
}
