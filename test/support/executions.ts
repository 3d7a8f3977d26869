import { parse } from 'flatted';

import { TRIGGER } from '../../scripts/n8n/example';
import type { RestClient } from '../../scripts/n8n/restClient';

/** An execution as n8n recorded it, with the leads of its events */
export interface Recorded {
	id: number;
	status: string;
	leads: number[];
	/** The nodes that ran after the trigger */
	branches: string[];
}

interface Item {
	/** A record about a lead, such as a message, has the lead's id as `entity_id` */
	json: { id?: number; entity_id?: number };
}

type Outputs = Array<Item[] | null>;

interface RunData {
	executionData?: {
		nodeExecutionStack: Array<{ node: { name: string }; data: { main: Outputs } }>;
	};
	resultData: { runData: Record<string, Array<{ data?: { main: Outputs } }>> };
}

const BATCH = 20;

let lastLead = 1_000_000;

/** Ids of leads that no other event of this run has: its execution is found again by its lead. */
export function newLeads(count: number): number[] {
	return Array.from({ length: count }, () => ++lastLead);
}

/**
 * Reads all executions of the workflow. It tries one number after the other, since n8n's list leaves some out
 * under load: its pages go by number, but each page is sorted by time of start.
 */
export async function readExecutions(
	rest: RestClient,
	workflowId: string,
	trigger = TRIGGER,
): Promise<Recorded[]> {
	const recorded: Recorded[] = [];
	for (let first = 1; ; first += BATCH) {
		const ids = Array.from({ length: BATCH }, (_, index) => first + index);
		const found = await Promise.all(ids.map((id) => rest.findExecution(id)));
		if (found.every((execution) => execution === undefined)) return recorded;
		for (const execution of found) {
			if (execution?.workflowId !== workflowId) continue;
			const { id, status, data } = execution;
			recorded.push({ id: Number(id), status, ...readRun(data, trigger) });
		}
	}
}

/** The leads are those of the trigger's items, even of items that it still waits to give. */
function readRun(data: string, trigger: string): Pick<Recorded, 'leads' | 'branches'> {
	const { executionData, resultData } = parse(data) as RunData;
	const { [trigger]: runs = [], ...branches } = resultData.runData;
	const given = runs.flatMap((run) => run.data?.main ?? []);
	const waiting = (executionData?.nodeExecutionStack ?? [])
		.filter(({ node }) => node.name === trigger)
		.flatMap(({ data: { main } }) => main);
	const leads = [...given, ...waiting].flatMap((items) =>
		(items ?? []).flatMap(({ json }) => json.entity_id ?? json.id ?? []),
	);
	return { leads, branches: Object.keys(branches) };
}
