/**
 * The smallest of the values that at least this share of them does not exceed.
 *
 * @param sorted ascending, not empty
 * @param share from 0 to 1, 0.5 for the median
 */
export function percentile(sorted: readonly number[], share: number): number {
	return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}

export function countEach<T>(values: T[]): Map<T, number> {
	const counts = new Map<T, number>();
	for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
	return counts;
}
