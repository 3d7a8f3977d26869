import { beforeDeadline, now, type RetryLimits } from './deadline';
import { KommoApiError, OUT_OF_TIME } from './problem';

/** Pipelines, stages and users change seldom; what an event is enriched with may be this old, in ms. */
const LIFETIME = 10 * 60 * 1000;

/** In ms; what comes too late for the event that asked for it may serve later ones. */
const ANSWER_WITHIN = 10_000;

interface Load {
	value: Promise<unknown>;
	/** By `now()`, in ms */
	deadline: number;
	/** By `now()`, in ms */
	keptUntil: number;
}

const loads = new Map<string, Load>();

/**
 * What is kept under the key, or else what `load` gives. All who ask meanwhile wait for one load, each
 * until a deadline of its own; a load that fails is not kept.
 *
 * @param key one for each type of value
 * @param load is given the limits of the first who asks, whose answer others may wait for longer
 * @throws KommoApiError at the deadline, and what `load` throws
 */
export async function getOrLoad<T>(
	key: string,
	limits: RetryLimits,
	load: (limits: RetryLimits) => Promise<T>,
): Promise<T> {
	const kept = loads.get(key);
	const current = kept && now() < kept.keptUntil ? kept : startLoad(key, limits, load);
	const outOfTime = () => new KommoApiError(limits.outOfTime ?? OUT_OF_TIME);
	const value = beforeDeadline(current.value as Promise<T>, limits.deadline, outOfTime);
	return await value.catch(async (error) => {
		// Who asked first had less time.
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
	const started = { value, deadline: limits.deadline, keptUntil: now() + LIFETIME };
	loads.set(key, started);
	value.catch(() => {
		if (loads.get(key) === started) loads.delete(key);
	});
	return started;
}
