import { randomBytes } from 'node:crypto';

import { isTokenValid } from '../nodes/KommoPipelineTrigger/verification';
import { median } from './bench/measure';

/**
 * Measures whether the time of a comparison tells how much of a token is right. Two comparisons that
 * give up at the first difference are controls: the measurement has to see it of them.
 */
interface Subject {
	name: string;
	compare(given: string, token: string): boolean;
	token: string;
	/** How often each guess is compared in a round, so that a round is long enough to be timed */
	calls: number;
}

const ROUNDS = 4_000;
const WARM_UP = 400;

const TOKEN = randomBytes(16).toString('hex');
const LONG_TOKEN = randomBytes(2 ** 16).toString('hex');

const SUBJECTS: Subject[] = [
	{ name: 'the token check', compare: isTokenValid, token: TOKEN, calls: 50 },
	{ name: 'control: a loop', compare: isEqualByLoop, token: TOKEN, calls: 500 },
	{ name: 'control: === of 128 kB', compare: isEqual, token: LONG_TOKEN, calls: 50 },
	{ name: 'for comparison: ===', compare: isEqual, token: TOKEN, calls: 500 },
];

/** Guesses by how much of them is right. The first comes twice, to show the noise. */
const GUESSES: Array<[what: string, right: (length: number) => number]> = [
	['nothing', () => 0],
	['nothing, again', () => 0],
	['half', (length) => length / 2],
	['all but the last', (length) => length - 1],
];

function isEqualByLoop(given: string, token: string): boolean {
	if (given.length !== token.length) return false;
	for (let index = 0; index < token.length; index++) {
		if (given.charCodeAt(index) !== token.charCodeAt(index)) return false;
	}
	return true;
}

function isEqual(given: string, token: string): boolean {
	return given === token;
}

/** The median time of a comparison with each guess, in ns */
function measure({ compare, token, calls }: Subject): number[] {
	const guesses = GUESSES.map(([, right]) => {
		const count = right(token.length);
		// Through bytes, as a token comes from a URL: a text put together is compared otherwise.
		return String(Buffer.from(token.slice(0, count) + '#'.repeat(token.length - count)));
	});
	const times = guesses.map((): number[] => []);
	for (let round = -WARM_UP; round < ROUNDS; round++) {
		// In another order each time, so that no guess always comes behind the same one.
		for (const index of shuffle([...guesses.keys()])) {
			const time = timeOf(() => compare(guesses[index]!, token), calls);
			if (round >= 0) times[index]!.push(time);
		}
	}
	return times.map(median);
}

function timeOf(compare: () => boolean, calls: number): number {
	let matches = 0;
	const started = process.hrtime.bigint();
	for (let call = 0; call < calls; call++) matches += Number(compare());
	const time = Number(process.hrtime.bigint() - started) / calls;
	if (matches > 0) throw new Error('A wrong token was taken for the right one');
	return time;
}

function shuffle<T>(list: T[]): T[] {
	return list
		.map((value) => ({ value, order: Math.random() }))
		.sort((a, b) => a.order - b.order)
		.map(({ value }) => value);
}

console.log(
	`Node ${process.version}, ${ROUNDS} rounds, medians; how much of the guess is right:\n`,
);
const print = (name: string, cells: string[]) =>
	console.log(name.padEnd(24) + cells.map((cell) => cell.padStart(22)).join(''));
print(
	'',
	GUESSES.map(([what]) => what),
);
for (const subject of SUBJECTS) {
	const times = measure(subject);
	print(
		subject.name,
		times.map((time) => `${time.toFixed(1)} ns (${(time / times[0]!).toFixed(3)})`),
	);
}
