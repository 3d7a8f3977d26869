import { setTimeout as sleep } from 'node:timers/promises';

const TIMEOUT = 30_000;

/** @throws when it has not come true after 30 s */
export async function waitUntil(what: string, isTrue: () => boolean): Promise<void> {
	const deadline = Date.now() + TIMEOUT;
	while (!isTrue()) {
		if (Date.now() > deadline) throw new Error(`Waited ${TIMEOUT} ms in vain until ${what}.`);
		await sleep(50);
	}
}
