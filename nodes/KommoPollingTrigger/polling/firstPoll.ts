import type { IPollFunctions } from 'n8n-workflow';

/** On n8n's context, which outlives an update of this package; a variable of the module does not. */
const POLLED = Symbol.for('n8n-nodes-kommo-pipeline: polled');

/**
 * Whether it is the first poll, from which on it is none any more: n8n gives all polls of a published workflow the
 * same context, until it starts or publishes the workflow again.
 */
export function isFirstPoll(context: IPollFunctions): boolean {
	const isFirst = !(POLLED in context);
	Object.defineProperty(context, POLLED, { value: true, configurable: true });
	return isFirst;
}
