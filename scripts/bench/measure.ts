export interface Timing {
	/** In µs */
	time: number;
	/** The first candidate's time as a multiple of this one's, in the same rounds */
	ratio: number;
}

/**
 * Measures candidates in turn, round after round, so that other work of the machine slows all of them
 * down alike. Gives medians over the rounds, by the candidates' names.
 *
 * @param minimum how long each candidate runs in a round, in ms
 */
export async function measure<Name extends string>(
	candidates: Record<Name, () => unknown>,
	{ rounds = 15, minimum = 50 } = {},
): Promise<Record<Name, Timing>> {
	const entries = Object.entries<() => unknown>(candidates) as Array<[Name, () => unknown]>;
	const times: number[][] = [];
	// There is one round more: the first only warms up.
	for (let round = 0; round <= rounds; round++) {
		const timesOfRound: number[] = [];
		for (const [, work] of entries) timesOfRound.push(await timeOf(work, minimum));
		if (round > 0) times.push(timesOfRound);
	}
	const timings = entries.map(([name], index): [Name, Timing] => [
		name,
		{
			time: median(times.map((round) => round[index]!)),
			ratio: median(times.map((round) => round[0]! / round[index]!)),
		},
	]);
	return Object.fromEntries(timings) as Record<Name, Timing>;
}

/** The time of one call in µs */
async function timeOf(work: () => unknown, minimum: number): Promise<number> {
	const started = performance.now();
	let calls = 0;
	let elapsed = 0;
	do {
		await work();
		calls++;
		elapsed = performance.now() - started;
	} while (elapsed < minimum);
	return (elapsed * 1000) / calls;
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
