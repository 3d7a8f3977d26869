import type { IPollFunctions } from 'n8n-workflow';

/** Marks n8n's context, which outlives an update of this package. A variable of this module would not. */
const POLLED = Symbol.for('n8n-nodes-kommo-pipeline: polled');

/**
 * Whether this is the first poll. It marks the context, so that the next call says no: n8n gives all polls of
 * a published workflow the same context, until n8n starts or publishes the workflow again.
 */
export function isFirstPoll(context: IPollFunctions): boolean {
	const isFirst = !(POLLED in context);
	Object.defineProperty(context, POLLED, { value: true, configurable: true });
	return isFirst;
}
