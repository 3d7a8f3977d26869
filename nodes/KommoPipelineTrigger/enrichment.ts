import { sleep } from 'n8n-workflow';

import type { KommoApi } from './api/client';
import { OUT_OF_TIME } from './api/problem';
import {
	EnrichmentSearch,
	isOfAccount,
	mainContactIdOf,
	type Enrichment,
	type Findings,
} from './enrichmentSearch';
import type { KommoEvent } from './events';
import type { Pipeline } from './pipelines';
import type { Json, JsonMap } from './tree';

const NOT_RETURNED =
	"Kommo's API did not return all that belongs to this event. It may be deleted, or hidden from the user of the credential.";

const OTHER_ACCOUNT =
	'This event comes from another account than that of the credential. Use a trigger of its own for each account.';

/**
 * Adds to the events of leads and customers what Kommo's API knows of them. Never throws and never
 * takes longer than the time limit: what is missing then is explained in the event's `enrichment_error`.
 *
 * @param timeLimit in ms; Kommo waits 2 seconds for the answer to its webhook
 * @param openApi may throw a KommoApiError
 */
export async function enrich(
	events: readonly KommoEvent[],
	enrichments: readonly Enrichment[],
	timeLimit: number,
	openApi: () => Promise<KommoApi>,
): Promise<KommoEvent[]> {
	const search = new EnrichmentSearch(enrichments, Date.now() + timeLimit);
	const isInTime = await Promise.race([
		search.run(events.filter(isEnrichable), openApi).then(() => true),
		sleep(timeLimit).then(() => false),
	]);
	const findings: Findings = {
		...search.findings,
		problem: search.findings.problem ?? (isInTime ? NOT_RETURNED : OUT_OF_TIME),
	};
	return events.map((event) => (isEnrichable(event) ? add(event, enrichments, findings) : event));
}

function isEnrichable({ entity, id }: KommoEvent): boolean {
	return (entity === 'leads' || entity === 'customers') && typeof id === 'number';
}

function add(
	event: KommoEvent,
	enrichments: readonly Enrichment[],
	findings: Findings,
): KommoEvent {
	const { subdomain, problem = NOT_RETURNED } = findings;
	if (subdomain !== undefined && !isOfAccount(event, subdomain)) {
		return { ...event, enrichment_error: OTHER_ACCOUNT };
	}
	const additions = enrichments.map((enrichment) => ADDITIONS[enrichment](event, findings));
	const isComplete = additions.every((addition) => addition !== undefined);
	return {
		...event,
		...Object.assign({}, ...additions),
		...(!isComplete && { enrichment_error: problem }),
	};
}

/** The fields that each enrichment adds to an event; nothing when what they hold was not found. */
const ADDITIONS: Record<
	Enrichment,
	(event: KommoEvent, findings: Findings) => JsonMap | undefined
> = {
	names(event, { pipelines }) {
		if (event.entity !== 'leads' || event.pipeline_id === undefined) return {};
		const current = nameStage(pipelines, event.pipeline_id, event.status_id);
		if (!current || event.old_status_id === undefined) return current;

		const oldPipelineId = event.old_pipeline_id ?? event.pipeline_id;
		const old = nameStage(pipelines, oldPipelineId, event.old_status_id);
		return (
			old && {
				...current,
				old_pipeline_name: old.pipeline_name,
				old_status_name: old.status_name,
			}
		);
	},
	record(event, findings) {
		const record = recordOf(event, findings);
		return record && { record };
	},
	contact(event, findings) {
		const record = recordOf(event, findings);
		if (!record) return undefined;
		const id = mainContactIdOf(record);
		if (id === undefined) return { contact: null };
		const contact = findings.contacts.get(id);
		return contact && { contact };
	},
	responsibleUser(event, findings) {
		const user = findings.users?.get(recordOf(event, findings)?.responsible_user_id);
		return user && { responsible_user: user };
	},
};

function recordOf({ entity, id }: KommoEvent, findings: Findings): JsonMap | undefined {
	return (entity === 'leads' ? findings.leads : findings.customers).get(id);
}

function nameStage(pipelines: Pipeline[] = [], pipelineId: Json, stageId: Json | undefined) {
	const pipeline = pipelines.find(({ id }) => id === pipelineId);
	const stage = pipeline?.stages.find(({ id }) => id === stageId);
	return pipeline && stage && { pipeline_name: pipeline.name, status_name: stage.name };
}
