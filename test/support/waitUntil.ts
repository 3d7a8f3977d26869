import { setTimeout as sleep } from 'node:timers/promises';

const TIMEOUT = 30_000;

/** @throws when it is not true within 30 s */
export async function waitUntil(what: string, isTrue: () => boolean): Promise<void> {
	const deadline = Date.now() + TIMEOUT;
	while (!isTrue()) {
		if (Date.now() > deadline) throw new Error(`Not within ${TIMEOUT} ms: ${what}.`);
		await sleep(50);
	}
}
