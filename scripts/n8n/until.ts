import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Calls `find` again and again until it gives something.
 *
 * @param what it looks for, for the error
 * @throws when it has given nothing for 30 s
 */
export async function until<T>(find: () => Promise<T | undefined>, what: string): Promise<T> {
	const deadline = Date.now() + 30_000;
	while (Date.now() < deadline) {
		const found = await find();
		if (found !== undefined) return found;
		await sleep(50);
	}
	throw new Error(`There was no ${what} within 30 s.`);
}
