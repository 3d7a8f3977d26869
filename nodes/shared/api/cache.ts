import { beforeDeadline, now, type RetryLimits } from './deadline';

/** Pipelines, stages and users change seldom; what an event is enriched with may be this old, in ms. */
const LIFETIME = 10 * 60 * 1000;

/** In ms; what comes too late for the event that asked for it may serve later ones. */
const LOAD_TIME_LIMIT = 10_000;

interface Load {
	value: Promise<unknown>;
	limits: RetryLimits;
	/** By `now()`, in ms */
	keptUntil: number;
}

const loads = new Map<string, Load>();

/**
 * What is kept under the key, or else what `load` gives. All who ask meanwhile wait for one load, each
 * until a deadline of its own; a load that fails or takes longer than 10 seconds is not kept.
 *
 * @param key one for each type of value
 * @throws KommoApiError at the deadline, and what `load` throws
 */
export async function getOrLoad<T>(
	key: string,
	deadline: number,
	load: (limits: RetryLimits) => Promise<T>,
): Promise<T> {
	const kept = loads.get(key);
	const { value, limits } = kept && now() < kept.keptUntil ? kept : startLoad(key, load);
	return await beforeDeadline(value as Promise<T>, limits, deadline);
}

function startLoad(key: string, load: (limits: RetryLimits) => Promise<unknown>): Load {
	const limits: RetryLimits = { deadline: now() + LOAD_TIME_LIMIT };
	const value = beforeDeadline(load(limits), limits);
	const started = { value, limits, keptUntil: now() + LIFETIME };
	loads.set(key, started);
	value.catch(() => loads.delete(key));
	return started;
}
