import type { IExecuteData, IExecuteFunctions } from 'n8n-workflow';

import { UncertainError } from '../shared/api/problem';
import type { Result } from './operations/operation';

/** What came of an item for good */
type Outcome = { result: Result } | { error: UncertainError };

/** By what n8n executes a node with: with Retry On Fail it does so again with the same, in n8n 1.123 and 2.41. */
const memories = new WeakMap<object, Map<number, Outcome>>();

/**
 * Does the work for an item, unless it is done or may be: with Retry On Fail, n8n executes the node again for
 * all items when one has failed, and a customer must not get a message twice.
 */
export async function once(
	context: IExecuteFunctions,
	item: number,
	work: () => Promise<Result>,
): Promise<Result> {
	const memory = memoryOf(context);
	const outcome =
		memory.get(item) ?? (await work().then((result): Outcome => ({ result }), toOutcome));
	memory.set(item, outcome);
	if ('error' in outcome) throw outcome.error;
	return outcome.result;
}

function toOutcome(error: unknown): Outcome {
	if (error instanceof UncertainError) return { error };
	throw error;
}

function memoryOf(context: IExecuteFunctions): Map<number, Outcome> {
	const execution: IExecuteData | undefined = context.getExecuteData();
	// As a tool it may get what its agent is executed with, the same for all calls.
	if (execution?.node.name !== context.getNode().name) return new Map();
	const memory = memories.get(execution) ?? new Map<number, Outcome>();
	memories.set(execution, memory);
	return memory;
}
