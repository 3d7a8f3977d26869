import { beforeDeadline, now, type RetryLimits } from './deadline';
import { KommoApiError, OUT_OF_TIME } from './problem';

/** In ms. Pipelines, stages and users seldom change, so events may be enriched with values of this age. */
const LIFETIME = 10 * 60 * 1000;

/** In ms. An answer that is too late for its event can still serve later events. */
const ANSWER_WITHIN = 10_000;

interface Load {
	value: Promise<unknown>;
	/** By `now()`, in ms */
	deadline: number;
	/** By `now()`, in ms */
	expiresAt: number;
}

const loads = new Map<string, Load>();

/**
 * Returns the cached value of a key, or loads it. All callers of a key share one load, and each waits until
 * its own deadline. A failed load is not cached.
 *
 * @param key must differ for each type of value
 * @param load gets the limits of the first caller. Other callers may wait longer for the same load.
 * @throws KommoApiError at the deadline, or what `load` throws before
 */
export async function getOrLoad<T>(
	key: string,
	limits: RetryLimits,
	load: (limits: RetryLimits) => Promise<T>,
): Promise<T> {
	const cached = loads.get(key);
	const current = cached && now() < cached.expiresAt ? cached : startLoad(key, limits, load);
	const outOfTime = () => new KommoApiError(limits.outOfTime ?? OUT_OF_TIME);
	const value = beforeDeadline(current.value as Promise<T>, limits.deadline, outOfTime);
	return await value.catch(async (error) => {
		// The load failed at the first caller's deadline. This caller has more time.
		const hasTime = current.deadline <= now() && now() < limits.deadline;
		if (hasTime) return await getOrLoad(key, limits, load);
		throw error;
	});
}

function startLoad(
	key: string,
	limits: RetryLimits,
	load: (limits: RetryLimits) => Promise<unknown>,
): Load {
	const value = load({ ...limits, answerWithin: ANSWER_WITHIN });
	const started = { value, deadline: limits.deadline, expiresAt: now() + LIFETIME };
	loads.set(key, started);
	value.catch(() => {
		if (loads.get(key) === started) loads.delete(key);
	});
	return started;
}
