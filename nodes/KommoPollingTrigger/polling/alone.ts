import { now } from '../../shared/api/deadline';

/** For each poll under way, by its key: when it is given up, by `now()`, in ms */
const underWay = new Map<string, number>();

/**
 * Runs one poll at a time; gives null if another one is under way. n8n's durable scheduler runs missed polls
 * side by side. Each would begin where the last one stopped, and give the same events.
 *
 * @param key the same for all polls of a trigger
 * @param longest in ms. A poll that takes longer hangs, and no longer keeps others from running.
 */
export async function runAlone<T>(
	key: string,
	longest: number,
	poll: () => Promise<T>,
): Promise<T | null> {
	const started = now();
	if (started < (underWay.get(key) ?? -Infinity)) return null;
	const givenUp = started + longest;
	underWay.set(key, givenUp);
	try {
		return await poll();
	} finally {
		if (underWay.get(key) === givenUp) underWay.delete(key);
	}
}
