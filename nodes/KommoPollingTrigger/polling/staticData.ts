import type { IPollFunctions } from 'n8n-workflow';

import type { Memory } from './memory';

/**
 * What was stored last, by workflow. n8n 2.41 gives a trigger that is published alone a copy of the static
 * data, and saves that copy whole. So each trigger also stores what the others have remembered since.
 */
const stored = new Map<string, Record<string, Memory>>();

/**
 * The key in the workflow's static data. It has the memories of the polling triggers, by the ids of their
 * nodes.
 */
const KEY = 'kommoPollingTriggers';

/** In seconds. After this time, the memory of a deleted node is dropped. */
const LONGEST = 90 * 24 * 60 * 60;

/** A memory, or only the number of the last poll */
export type Kept = Memory | Pick<Memory, 'poll'>;

/** The newest memory of this node. It is copied with the workflow, so only a memory with the node's id counts. */
export function recall(context: IPollFunctions): Kept {
	const { id, name } = context.getNode();
	const own = context.getWorkflowStaticData('node') as Partial<Memory>;
	const memories = [own, readAll(context)[id]].filter((memory) => memory?.node === id) as Memory[];
	const [newest = { poll: 0 }] = memories.sort((a, b) => b.poll - a.poll);
	if (!('instance' in newest) || newest.instance === context.getInstanceId()) return { ...newest };
	context.logger.warn(
		`${name}: the workflow was copied from another n8n, with what the trigger remembered there. Here the trigger begins at now, so that no event is given in both.`,
	);
	return { poll: newest.poll };
}

/**
 * Stores the memory in the workflow's static data, where it outlives a new name of the node.
 *
 * @param last the memory before
 */
export function keep(context: IPollFunctions, memory: Memory, last: Kept): void {
	const own = context.getWorkflowStaticData('node');
	const all = context.getWorkflowStaticData('global');
	// With durable cursors (n8n 2.41), `own` belongs to the node's id and is saved together with the execution: so it
	// has the memory then. The workflow's data is saved before it, and must not have the newer one if n8n is killed
	// in between.
	const isCursor = '__dataChanged' in all && !('__dataChanged' in own);
	const workflow = context.getWorkflow().id ?? '';
	const known = [readAll(context), stored.get(workflow) ?? {}].flatMap(Object.values<Memory>);
	// Of two memories of a node, the one with more polls comes last, and stays.
	const others = known
		.filter(({ node, time }) => node !== memory.node && time > memory.time - LONGEST)
		.sort((a, b) => a.poll - b.poll)
		.map((other): [string, Memory] => [other.node, other]);
	const lasting = isCursor && 'time' in last ? last : memory;
	const memories = Object.fromEntries([...others, [memory.node, lasting]]);
	stored.set(workflow, memories);
	all[KEY] = memories;
	if (isCursor) Object.assign(own, memory);
}

function readAll(context: IPollFunctions): Record<string, Memory> {
	return (context.getWorkflowStaticData('global')[KEY] ?? {}) as Record<string, Memory>;
}
