import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Calls `find` again and again until it gives something.
 *
 * @param what it looks for, for the error
 * @param timeout in ms
 * @throws when it has given nothing by then
 */
export async function until<T>(
	find: () => Promise<T | undefined>,
	what: string,
	timeout = 90_000,
): Promise<T> {
	const deadline = Date.now() + timeout;
	while (true) {
		const found = await find();
		if (found !== undefined) return found;
		if (Date.now() > deadline) throw new Error(`There was no ${what} within ${timeout} ms.`);
		await sleep(50);
	}
}
