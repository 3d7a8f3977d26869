/**
 * The first of the types that Kommo refuses, found by halves: an account may not know all, and Kommo does not always
 * say which. Nothing if it takes each half.
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
