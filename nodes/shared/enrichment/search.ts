import { getOrLoad } from '../api/cache';
import type { KommoApi } from '../api/client';
import { beforeDeadline } from '../api/deadline';
import { readAll } from '../api/pages';
import { KommoApiError, OUT_OF_TIME } from '../api/problem';
import { listPipelines, type Pipeline } from '../api/pipelines';
import type { KommoEvent } from '../events/event';
import type { Json, JsonMap } from '../events/json';
import type { Enrichment } from './choice';
import { findMessages, type Messages } from './messages';
import { NOT_RETURNED, settle, type Outcome } from './outcome';
import { byId, findRecords, findRecordsWithContacts, type RecordsWithContacts } from './records';
import {
	hasPipeline,
	isChat,
	isForeign,
	subjectOf,
	type RecordList,
	type Subject,
} from './subject';

/** Of the records of one list */
interface ListFindings extends RecordsWithContacts {
	messages: Messages;
}

/** What Kommo knows, or why that is missing. What no enrichment needs is not asked for. */
export interface Findings extends Record<RecordList, ListFindings> {
	/** Of the account that was searched */
	host: string;
	pipelines: Outcome<Pipeline[]>;
	/** By id */
	users: Outcome<ReadonlyMap<Json | undefined, JsonMap>>;
}

/**
 * Asks Kommo for all that the enrichments need for the events, side by side.
 *
 * @param deadline by `now()`, in ms; what has not come by then has a problem
 * @throws KommoApiError when the API cannot be opened in time
 */
export async function search(
	events: readonly KommoEvent[],
	enrichments: readonly Enrichment[],
	deadline: number,
	openApi: () => Promise<KommoApi>,
): Promise<Findings> {
	const api = await beforeDeadline(openApi(), deadline, () => new KommoApiError(OUT_OF_TIME));
	const own = events.filter((event) => !isForeign(event, api.host));
	const subjects = subjectsOf(own);
	const wants = (...some: Enrichment[]) => some.some((one) => enrichments.includes(one));
	const chats = wants('message') ? subjectsOf(own.filter(isChat)) : [];

	const findAbout = async (list: RecordList) => {
		const about = subjects.filter((subject) => subject.list === list);
		const lackContact = about.filter(({ contactId }) => contactId === undefined);
		if (wants('contact') && lackContact.length > 0) {
			return await findRecordsWithContacts(api, list, idsOf(about), deadline);
		}
		const named = list === 'contacts' && wants('contact') ? contactIdsOf(subjects) : [];
		const wanted = wants('record', 'responsibleUser') ? idsOf(about) : [];
		return await findRecords(api, list, [...wanted, ...named], deadline);
	};
	const find = async (list: RecordList): Promise<ListFindings> => {
		const ids = idsOf(chats.filter((subject) => subject.list === list));
		const [about, messages] = await Promise.all([
			findAbout(list),
			findMessages(api, list, ids, deadline),
		]);
		return { ...about, messages };
	};

	const [pipelines, users, leads, customers, contacts, companies] = await Promise.all([
		wants('names') && own.some(hasPipeline) ? findPipelines(api, deadline) : NOT_RETURNED,
		wants('responsibleUser') && subjects.length > 0 ? findUsers(api, deadline) : NOT_RETURNED,
		find('leads'),
		find('customers'),
		find('contacts'),
		find('companies'),
	]);
	return { host: api.host, pipelines, users, leads, customers, contacts, companies };
}

function subjectsOf(events: readonly KommoEvent[]): Subject[] {
	return events.map(subjectOf).filter((subject) => subject !== undefined);
}

function idsOf(subjects: readonly Subject[]): number[] {
	return subjects.map(({ id }) => id);
}

function contactIdsOf(subjects: readonly Subject[]): Array<number | undefined> {
	return subjects.map(({ contactId }) => contactId);
}

async function findPipelines(api: KommoApi, deadline: number): Promise<Findings['pipelines']> {
	const key = `${api.cacheKey} pipelines`;
	return await settle(() => getOrLoad(key, { deadline }, (limits) => listPipelines(api, limits)));
}

async function findUsers(api: KommoApi, deadline: number): Promise<Findings['users']> {
	const key = `${api.cacheKey} users`;
	return await settle(() =>
		getOrLoad(key, { deadline }, async (limits) =>
			byId(await readAll(api, { path: 'users', key: 'users' }, limits)),
		),
	);
}
