import pWaitFor from 'p-wait-for';

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
	timeout = 30_000,
): Promise<T> {
	let found: T | undefined;
	const isFound = async () => (found = await find()) !== undefined;
	const message = `There was no ${what} within ${timeout} ms.`;
	await pWaitFor(isFound, { interval: 50, timeout: { milliseconds: timeout, message } });
	return found!;
}
