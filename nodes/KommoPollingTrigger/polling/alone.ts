import { sleep } from 'n8n-workflow';

import { now } from '../../shared/api/deadline';

interface Running {
	/** By `now()`, in ms */
	givenUp: number;
	ended: Promise<unknown>;
}

/** The polls under way, by their keys */
const underWay = new Map<string, Running>();

/**
 * Runs one poll at a time; gives null if another one is under way. n8n's durable scheduler runs missed polls
 * side by side. Each would begin where the last one stopped, and give the same events.
 *
 * @param key the same for all polls of a trigger
 * @param options.longest in ms. A poll that takes longer hangs, and no longer keeps others from running.
 * @param options.patience how long to wait for the other one to end, in ms
 */
export async function runAlone<T>(
	key: string,
	{ longest, patience }: { longest: number; patience: number },
	poll: () => Promise<T>,
): Promise<T | null> {
	if (patience > 0 && isUnderWay(key)) {
		await Promise.race([underWay.get(key)?.ended, sleep(patience)]);
	}
	if (isUnderWay(key)) return null;
	const work = poll();
	const running = { givenUp: now() + longest, ended: work.catch(() => undefined) };
	underWay.set(key, running);
	try {
		return await work;
	} finally {
		if (underWay.get(key) === running) underWay.delete(key);
	}
}

function isUnderWay(key: string): boolean {
	return now() < (underWay.get(key)?.givenUp ?? -Infinity);
}
