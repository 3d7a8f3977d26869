import { sleep } from 'n8n-workflow';

import { KommoApiError, OUT_OF_TIME, UncertainError } from './problem';

/** The time in ms, on a clock that nobody can set back */
export function now(): number {
	return performance.now();
}

/** How long to retry, and what came of it so far */
export interface RetryLimits {
	/** By `now()`, in ms; after it nothing is sent or waited for */
	readonly deadline: number;
	/** Why the latest attempt failed, as a sentence, while another one follows */
	lastProblem?: string;
	/** What to say at the deadline while a request is under way that Kommo must not get twice */
	uncertain?: string;
	/** What to say at the deadline if no attempt failed before it; by default that of enrichment */
	readonly outOfTime?: string;
}

/** Why there is no answer at the deadline: Kommo's last answer explains more than "out of time". */
export function explainDelay({ lastProblem, outOfTime = OUT_OF_TIME }: RetryLimits): string {
	return lastProblem ?? outOfTime;
}

/**
 * Gives the value if it comes in time.
 *
 * @param limits those of the requests that the value comes from
 * @param deadline that of the caller, if it cannot wait as long as the requests may take
 * @throws KommoApiError, UncertainError at the deadline, and whatever the promise throws before
 */
export async function beforeDeadline<T>(
	value: Promise<T>,
	limits: RetryLimits,
	deadline = limits.deadline,
): Promise<T> {
	const timeIsOver = sleep(Math.max(0, Math.ceil(deadline - now()))).then(() => {
		const { uncertain } = limits;
		throw uncertain ? new UncertainError(uncertain) : new KommoApiError(explainDelay(limits));
	});
	return await Promise.race([value, timeIsOver]);
}
