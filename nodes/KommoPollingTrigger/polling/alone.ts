import { now } from '../../shared/api/deadline';

/** In ms. A poll that has taken longer hangs, and keeps no other from running. */
const LONGEST = 60_000;

/** When the polls under way have begun, by `now()`, by what they poll for */
const underWay = new Map<string, number>();

/**
 * Runs one poll at a time; nothing if another one is under way. n8n's durable scheduler makes up for missed
 * polls side by side, and lets each begin where the last one stopped: they would give the same events.
 *
 * @param key what it polls for
 */
export async function alone<T>(key: string, poll: () => Promise<T>): Promise<T | null> {
	const begun = now();
	const other = underWay.get(key);
	if (other !== undefined && begun - other < LONGEST) return null;
	underWay.set(key, begun);
	try {
		return await poll();
	} finally {
		if (underWay.get(key) === begun) underWay.delete(key);
	}
}
