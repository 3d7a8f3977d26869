import { sleep } from 'n8n-workflow';

/** The time in ms, on a clock that nobody can set back */
export function now(): number {
	return performance.now();
}

/** How long to wait and retry */
export interface RetryLimits {
	/** By `now()`, in ms. After it, nothing more is sent. */
	readonly deadline: number;
	/**
	 * How long to wait for the answer to a request, in ms, even beyond the deadline. By default, until the
	 * deadline.
	 */
	readonly answerWithin?: number;
	/** The error's sentence when the time is over. By default, the sentence of enrichment. */
	readonly outOfTime?: string;
}

/**
 * Gives the value if it comes in time.
 *
 * @param deadline by `now()`, in ms
 * @throws what `toError` gives at the deadline, or what the promise throws before
 */
export async function beforeDeadline<T>(
	value: Promise<T>,
	deadline: number,
	toError: () => Error,
): Promise<T> {
	const timeIsOver = sleep(Math.max(0, Math.ceil(deadline - now()))).then(() => {
		throw toError();
	});
	return await Promise.race([value, timeIsOver]);
}
