import type { IPollFunctions } from 'n8n-workflow';

import { now } from '../../shared/api/deadline';

/** On n8n's context, which outlives an update of this package; a variable of the module does not. */
const POLLED = Symbol.for('n8n-nodes-kommo-pipeline: polled');

/** n8n gives all polls of a published workflow the same context, until it starts or publishes the workflow again. */
export function isFirstPoll(context: IPollFunctions): boolean {
	return !(POLLED in context);
}

export function markPolled(context: IPollFunctions): void {
	Object.defineProperty(context, POLLED, { value: true, configurable: true });
}

/** Whether somebody has published the workflow, which was not published before. */
export function isPublishedNow(context: IPollFunctions): boolean {
	return context.getActivationMode() === 'activate';
}

/** Whether n8n goes on with a published workflow by itself. */
export function isTakenUpAgain(context: IPollFunctions): boolean {
	return ['init', 'leadershipChange'].includes(context.getActivationMode());
}

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
