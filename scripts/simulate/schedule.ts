import { setImmediate, setTimeout } from 'node:timers/promises';

/**
 * Calls `send` for each item at a steady rate, even while earlier calls still run. If an item is late, it is
 * sent at once. Waits until all calls have ended.
 */
export async function sendOnSchedule<T>(
	items: Iterable<T>,
	perSecond: number,
	send: (item: T) => Promise<void>,
): Promise<void> {
	const started = performance.now();
	const calls = new Set<Promise<void>>();
	let index = 0;
	for (const item of items) {
		const wait = started + (index++ * 1_000) / perSecond - performance.now();
		await (wait > 0 ? setTimeout(wait) : setImmediate());
		const call = send(item).finally(() => calls.delete(call));
		calls.add(call);
	}
	await Promise.all(calls);
}
