import { sleep } from 'n8n-workflow';

/** The time in ms, on a clock that nobody can set back */
export function now(): number {
	return performance.now();
}

/** How long to wait and retry */
export interface RetryLimits {
	/** By `now()`, in ms; after it nothing is sent */
	readonly deadline: number;
	/** How long to wait for the answer to what was sent, in ms, beyond the deadline too; by default until the deadline */
	readonly answerWithin?: number;
	/** What to say when the time is over; by default the sentence of enrichment */
	readonly outOfTime?: string;
}

/**
 * Gives the value if it comes in time.
 *
 * @param deadline by `now()`, in ms
 * @throws what `toError` gives at the deadline, and what the promise throws before it
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
