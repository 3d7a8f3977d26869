import { now } from '../../shared/api/deadline';

/** When the polls under way are given up, by `now()`, in ms, by what they poll for */
const underWay = new Map<string, number>();

/**
 * Runs one poll at a time; nothing if another one is under way. n8n's durable scheduler makes up for missed
 * polls side by side, and lets each begin where the last one stopped: they would give the same events.
 *
 * @param key what it polls for
 * @param longest in ms; a poll that has taken longer hangs, and keeps no other from running
 */
export async function alone<T>(
	key: string,
	longest: number,
	poll: () => Promise<T>,
): Promise<T | null> {
	const begun = now();
	if (begun < (underWay.get(key) ?? -Infinity)) return null;
	const givenUp = begun + longest;
	underWay.set(key, givenUp);
	try {
		return await poll();
	} finally {
		if (underWay.get(key) === givenUp) underWay.delete(key);
	}
}
