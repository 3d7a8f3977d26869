import { Bench } from 'tinybench';

export interface Timing {
	/** In µs */
	time: number;
	/** The first candidate's time as a multiple of this one's, in the same rounds */
	ratio: number;
}

/**
 * Measures the candidates in turn, round after round, so that other work on the machine slows all of them
 * down alike. Gives medians over the rounds, by the candidates' names.
 *
 * @param minimum how long each candidate runs in a round, in ms
 */
export async function measure<Name extends string>(
	candidates: Record<Name, () => unknown>,
	{ rounds = 15, minimum = 50 } = {},
): Promise<Record<Name, Timing>> {
	const names = Object.keys(candidates) as Name[];
	const times: number[][] = [];
	// There is one more round: the first only warms up.
	for (let round = 0; round <= rounds; round++) {
		const bench = new Bench({ time: minimum, iterations: 1, warmup: false, throws: true });
		for (const name of names) bench.add(name, candidates[name]);
		const tasks = await bench.run();
		const periods = tasks.map(({ result }) => ('period' in result ? result.period * 1_000 : NaN));
		if (round > 0) times.push(periods);
	}
	const timings = names.map((name, index): [Name, Timing] => [
		name,
		{
			time: median(times.map((round) => round[index]!)),
			ratio: median(times.map((round) => round[0]! / round[index]!)),
		},
	]);
	return Object.fromEntries(timings) as Record<Name, Timing>;
}

export function median(values: number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = Math.floor(sorted.length / 2);
	return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Prints rows as a Markdown table. */
export function printTable(title: string, header: string[], rows: string[][]): void {
	const lines = [header, header.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`);
	console.log(`\n### ${title}\n\n${lines.join('\n')}`);
}

export const formatRatio = (ratio: number): string => `${ratio.toFixed(2)} ×`;
