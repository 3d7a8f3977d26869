import type { IExecuteData, IExecuteFunctions } from 'n8n-workflow';

import { UncertainError } from '../shared/api/problem';
import type { Result } from './operations/operation';

/** The final outcome of an item */
type Outcome = { result: Result } | { error: UncertainError };

/**
 * The outcomes of each execution of a node, by n8n's execution data. With Retry On Fail, n8n 1.123 and 2.41
 * execute the node again with the same data object.
 */
const memories = new WeakMap<object, Map<number, Outcome>>();

/**
 * Does the work for an item, unless it is done or may be done. With Retry On Fail, n8n executes the node
 * again for all items when one has failed, but a customer must not get a message twice.
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
	// As a tool, the node may get its agent's execution data, which is the same for all calls.
	if (execution?.node.name !== context.getNode().name) return new Map();
	const memory = memories.get(execution) ?? new Map<number, Outcome>();
	memories.set(execution, memory);
	return memory;
}
