/**
 * Finds the first type that Kommo refuses, by halves: an account may not know all types, and Kommo does not
 * always say which it refuses. Nothing if Kommo takes each half.
 */
export async function findRefused(
	types: readonly string[],
	isTaken: (types: readonly string[]) => Promise<boolean>,
): Promise<string | undefined> {
	if (await isTaken(types)) return undefined;
	if (types.length === 1) return types[0];
	const middle = Math.ceil(types.length / 2);
	const [half, rest] = [types.slice(0, middle), types.slice(middle)];
	return (await findRefused(half, isTaken)) ?? (await findRefused(rest, isTaken));
}
