import { sleep } from 'n8n-workflow';

import type { KommoApi } from '../api/client';
import {
	EnrichmentSearch,
	isForeign,
	mainContactIdOf,
	type Enrichment,
	type Findings,
} from './search';
import type { KommoEvent } from '../event';
import type { Pipeline } from '../api/pipelines';
import type { Json, JsonMap } from '../json';

const NOT_RETURNED =
	"Kommo's API did not return all that belongs to this event. It may be deleted, hidden from the user of the credential, or younger than the names, which are kept for 10 minutes.";

const OTHER_ACCOUNT =
	'This event comes from another account than that of the credential. Use a trigger of its own for each account.';

/**
 * Adds to the events of leads and customers what Kommo's API knows of them. Never throws and never
 * takes longer than the deadline: what is missing then is explained in the event's `enrichment_error`.
 *
 * @param deadline time in ms; Kommo waits 2 seconds for the answer to its webhook
 * @param openApi may throw a KommoApiError
 */
export async function enrich(
	events: readonly KommoEvent[],
	enrichments: readonly Enrichment[],
	deadline: number,
	openApi: () => Promise<KommoApi>,
): Promise<KommoEvent[]> {
	const search = new EnrichmentSearch(enrichments, deadline);
	const isInTime = await Promise.race([
		search.run(events.filter(isEnrichable), openApi).then(() => true),
		sleep(Math.max(0, deadline - Date.now())).then(() => false),
	]);
	const findings = isInTime
		? search.findings
		: { ...search.findings, problem: search.explainDelay() };
	return events.map((event) =>
		isEnrichable(event) ? addFindings(event, enrichments, findings) : event,
	);
}

function isEnrichable({ entity, id }: KommoEvent): boolean {
	return (entity === 'leads' || entity === 'customers') && typeof id === 'number';
}

function addFindings(
	event: KommoEvent,
	enrichments: readonly Enrichment[],
	findings: Findings,
): KommoEvent {
	const { subdomain, problem = NOT_RETURNED } = findings;
	if (subdomain !== undefined && isForeign(event, subdomain)) {
		return { ...event, enrichment_error: OTHER_ACCOUNT };
	}
	const fields = enrichments.flatMap((enrichment) =>
		Object.entries(FIELDS[enrichment](event, findings)),
	);
	const found = fields.filter((field): field is [string, Json] => field[1] !== undefined);
	return {
		...event,
		...Object.fromEntries(found),
		...(found.length < fields.length && { enrichment_error: problem }),
	};
}

/** The fields that an enrichment adds to an event, without a value where that was not found. */
const FIELDS: Record<
	Enrichment,
	(event: KommoEvent, findings: Findings) => Record<string, Json | undefined>
> = {
	names(event, { pipelines }) {
		if (event.entity !== 'leads' || event.pipeline_id === undefined) return {};
		const pipeline = findPipeline(pipelines, event.pipeline_id);
		const current = {
			pipeline_name: pipeline?.name,
			status_name: nameStage(pipeline, event.status_id),
		};
		if (event.old_status_id === undefined) return current;

		const oldPipeline = findPipeline(pipelines, event.old_pipeline_id ?? event.pipeline_id);
		return {
			...current,
			old_pipeline_name: oldPipeline?.name,
			old_status_name: nameStage(oldPipeline, event.old_status_id),
		};
	},
	record(event, findings) {
		return { record: findRecord(event, findings) };
	},
	contact(event, findings) {
		const record = findRecord(event, findings);
		const id = record && mainContactIdOf(record);
		const hasNone = record && id === undefined;
		return { contact: hasNone ? null : findings.contacts.get(id) };
	},
	responsibleUser(event, findings) {
		const id = findRecord(event, findings)?.responsible_user_id;
		return { responsible_user: findings.users?.get(id) };
	},
};

function findRecord({ entity, id }: KommoEvent, findings: Findings): JsonMap | undefined {
	return (entity === 'leads' ? findings.leads : findings.customers).get(id);
}

function findPipeline(pipelines: Pipeline[] = [], pipelineId: Json): Pipeline | undefined {
	return pipelines.find(({ id }) => id === pipelineId);
}

function nameStage(pipeline: Pipeline | undefined, stageId: Json | undefined): string | undefined {
	return pipeline?.stages.find(({ id }) => id === stageId)?.name;
}
