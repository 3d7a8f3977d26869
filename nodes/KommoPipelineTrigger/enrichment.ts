import { sleep } from 'n8n-workflow';

import { keep } from './api/cache';
import { PAGE_SIZE, type KommoApi, type Query } from './api/client';
import { KommoApiError, OUT_OF_TIME, UNREACHABLE } from './api/problem';
import type { KommoEvent } from './events';
import { listPipelines, type Pipeline } from './pipelines';
import { isMap, type Json, type JsonMap } from './tree';

export type Enrichment = 'names' | 'record' | 'contact' | 'responsibleUser';

const NOT_RETURNED =
	"Kommo's API did not return all that belongs to this event. It may be deleted, or hidden from the user of the credential.";

const OTHER_ACCOUNT =
	'This event comes from another account than that of the credential. Use a trigger of its own for each account.';

/** What has been found in Kommo until the time is over; a list that has not come is absent. */
interface Findings {
	subdomain?: string;
	pipelines?: Pipeline[];
	users?: Map<Json | undefined, JsonMap>;
	/** Leads and customers by entity and id */
	records: Map<string, JsonMap>;
	contacts: Map<Json | undefined, JsonMap>;
	/** The first reason for which something is missing */
	problem?: string;
}

/**
 * Adds to the events of leads and customers what Kommo's API knows of them. Never throws and never
 * takes longer than the time limit: what is missing then is named in the event's `enrichment_error`.
 *
 * @param timeLimit in ms; Kommo waits 2 seconds for the answer to its webhook
 * @param openApi called once; may throw a KommoApiError
 */
export async function enrich(
	events: readonly KommoEvent[],
	enrichments: readonly Enrichment[],
	timeLimit: number,
	openApi: () => Promise<KommoApi>,
): Promise<KommoEvent[]> {
	const findings: Findings = { records: new Map(), contacts: new Map() };
	const deadline = Date.now() + timeLimit;
	const search = noting(findings, async () =>
		find(events.filter(isEnrichable), enrichments, findings, await openApi(), deadline),
	);
	const outOfTime = sleep(timeLimit).then(() => void (findings.problem ??= OUT_OF_TIME));
	await Promise.race([search, outOfTime]);
	return events.map((event) => (isEnrichable(event) ? addTo(event, enrichments, findings) : event));
}

function isEnrichable({ entity, id }: KommoEvent): boolean {
	return (entity === 'leads' || entity === 'customers') && typeof id === 'number';
}

/** Runs one part of the search; its failure is noted and stops no other part. */
async function noting(findings: Findings, part: () => Promise<void>): Promise<void> {
	try {
		await part();
	} catch (error) {
		findings.problem ??= error instanceof KommoApiError ? error.message : UNREACHABLE;
	}
}

async function find(
	events: readonly KommoEvent[],
	enrichments: readonly Enrichment[],
	findings: Findings,
	api: KommoApi,
	deadline: number,
): Promise<void> {
	findings.subdomain = api.host.split('.')[0];
	const wants = (...some: Enrichment[]) => some.some((one) => enrichments.includes(one));
	const own = events.filter((event) => isOfAccount(event, findings));

	const findPipelines = async () => {
		findings.pipelines = await keep(`${api.cacheKey} pipelines`, () =>
			listPipelines(api, deadline),
		);
	};
	const findUsers = async () => {
		const users = await keep(`${api.cacheKey} users`, () =>
			api.list('users', 'users', [], deadline),
		);
		findings.users = new Map(users.map((user) => [user.id, user]));
	};
	const findContacts = async () => {
		const ids = [...findings.records.values()].map(mainContactOf);
		await forEachPage(ids, findings, async (page) => {
			const contacts = await api.list('contacts', 'contacts', page, deadline);
			for (const contact of contacts) findings.contacts.set(contact.id, contact);
		});
	};
	const findRecords = async (entity: string) => {
		const ids = own.filter((event) => event.entity === entity).map(({ id }) => id);
		await forEachPage(ids, findings, async (page) => {
			const query: Query = wants('contact') ? [...page, ['with', 'contacts']] : page;
			const records = await api.list(entity, entity, query, deadline);
			for (const record of records) findings.records.set(`${entity} ${record.id}`, record);
		});
	};

	if (own.length === 0) return;
	await Promise.all([
		wants('names') && own.some(isOfLead) && noting(findings, findPipelines),
		wants('responsibleUser') && noting(findings, findUsers),
		wants('record', 'contact', 'responsibleUser') &&
			Promise.all([findRecords('leads'), findRecords('customers')]).then(async () => {
				if (wants('contact')) await findContacts();
			}),
	]);
}

/** Asks for the records of these ids in as few requests as Kommo allows. */
async function forEachPage(
	ids: ReadonlyArray<Json | undefined>,
	findings: Findings,
	ask: (filter: Query) => Promise<void>,
): Promise<void> {
	const distinct = [...new Set(ids)].filter((id) => id !== undefined);
	const pages = Array.from({ length: Math.ceil(distinct.length / PAGE_SIZE) }, (_, page) =>
		distinct.slice(page * PAGE_SIZE, (page + 1) * PAGE_SIZE),
	);
	await Promise.all(
		pages.map((page) =>
			noting(findings, () => ask(page.map((id) => ['filter[id][]', String(id)]))),
		),
	);
}

/** Ids of different accounts may be equal: an event must not get another account's record. */
function isOfAccount({ account }: KommoEvent, { subdomain }: Findings): boolean {
	return (
		subdomain === undefined ||
		!isMap(account) ||
		account.subdomain === undefined ||
		String(account.subdomain).toLowerCase() === subdomain
	);
}

function isOfLead({ entity }: KommoEvent): boolean {
	return entity === 'leads';
}

function addTo(
	event: KommoEvent,
	enrichments: readonly Enrichment[],
	findings: Findings,
): KommoEvent {
	if (!isOfAccount(event, findings)) return { ...event, enrichment_error: OTHER_ACCOUNT };

	const additions = enrichments.map((enrichment) => ADDITIONS[enrichment](event, findings));
	const isComplete = additions.every((addition) => addition !== undefined);
	return {
		...event,
		...Object.assign({}, ...additions),
		...(!isComplete && { enrichment_error: findings.problem ?? NOT_RETURNED }),
	};
}

/** The fields that each enrichment adds to an event; nothing when they are missing. */
const ADDITIONS: Record<
	Enrichment,
	(event: KommoEvent, findings: Findings) => JsonMap | undefined
> = {
	names(event, { pipelines }) {
		if (!isOfLead(event)) return {};
		const current = nameStage(pipelines, event.pipeline_id, event.status_id);
		if (event.old_status_id === undefined) return current;
		const old = nameStage(
			pipelines,
			event.old_pipeline_id ?? event.pipeline_id,
			event.old_status_id,
		);
		if (!current || !old) return undefined;
		return {
			...current,
			old_pipeline_name: old.pipeline_name!,
			old_status_name: old.status_name!,
		};
	},
	record(event, findings) {
		const record = recordOf(event, findings);
		return record && { record };
	},
	contact(event, findings) {
		const record = recordOf(event, findings);
		const id = record && mainContactOf(record);
		if (record && id === undefined) return { contact: null };
		const contact = findings.contacts.get(id);
		return contact && { contact };
	},
	responsibleUser(event, findings) {
		const user = findings.users?.get(recordOf(event, findings)?.responsible_user_id);
		return user && { responsible_user: user };
	},
};

function recordOf({ entity, id }: KommoEvent, { records }: Findings): JsonMap | undefined {
	return records.get(`${entity} ${id}`);
}

function mainContactOf(record: JsonMap): Json | undefined {
	const contacts = isMap(record._embedded) ? record._embedded.contacts : [];
	if (!Array.isArray(contacts)) return undefined;
	return contacts.filter(isMap).find(({ is_main }) => is_main === true)?.id;
}

function nameStage(
	pipelines: Pipeline[] | undefined,
	pipelineId: Json | undefined,
	stageId: Json | undefined,
): JsonMap | undefined {
	const pipeline = pipelines?.find(({ id }) => id === pipelineId);
	const stage = pipeline?.stages.find(({ id }) => id === stageId);
	return pipeline && stage && { pipeline_name: pipeline.name, status_name: stage.name };
}
