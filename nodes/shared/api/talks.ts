import type { KommoApi, Query } from './client';
import type { RetryLimits } from './deadline';
import type { JsonMap } from '../events/json';
import { findEntries, type FilteredList } from './entries';
import { readAll } from './pages';
import { refusals, type Sentence } from './refusals';

/** What to say when Kommo answers 403 to a request for messages */
export const HISTORY_REFUSED: Sentence = [
	'Kommo does not let the credential read messages',
	'Give the integration the scope "External chat history", the account the plan Trial, Pro or Enterprise, and the user the right to the chat. amoCRM does not offer this.',
];

export const NO_TALK: Sentence = [
	'Kommo has no talk with this ID',
	'Check Talk ID, and the account address in the credential.',
];

const REFUSALS = refusals({
	402: [
		'The plan of the account does not let the API read messages',
		'It needs Trial, Pro or Enterprise. amoCRM does not offer this.',
	],
	403: HISTORY_REFUSED,
	404: NO_TALK,
});

const TALKS = { path: 'talks', idField: 'talk_id', idsPerRequest: 100 };

/** Kommo looks at its presence only, not at its value. */
const IN_WORK = ['filter[only_in_work]', '1'] as const;

/** How to filter the list of talks by a record. A company has no talks. */
const FILTERS: Readonly<Record<string, FilteredList | undefined>> = {
	leads: {
		...TALKS,
		field: 'entity_id',
		query: [['filter[entity_type]', 'lead'], IN_WORK],
	},
	customers: {
		...TALKS,
		field: 'entity_id',
		query: [['filter[entity_type]', 'customer'], IN_WORK],
	},
	contacts: { ...TALKS, field: 'contact_id', query: [IN_WORK] },
};

/**
 * The record's open talk, of several the one that changed last, `GET /api/v4/talks`. Nothing if it has none.
 *
 * @param list e.g. `leads`
 * @throws KommoApiError, see `findEntries`
 */
export async function findOpenTalk(
	api: KommoApi,
	list: string,
	id: number,
	limits: RetryLimits,
): Promise<JsonMap | undefined> {
	const filter = FILTERS[list];
	const talks = filter ? await findEntries(api, filter, id, limits) : [];
	return talks.sort(byChange).at(-1);
}

/** Nothing if Kommo has no such talk. */
export async function findTalk(
	api: KommoApi,
	talkId: number | string,
	limits: RetryLimits,
): Promise<JsonMap | undefined> {
	const [talk] = await findEntries(api, { ...TALKS, field: 'talk_id' }, Number(talkId), limits);
	return talk;
}

/**
 * All messages of a talk, the oldest first. All pages are read, because Kommo promises no order:
 * `GET /api/v4/talks/{talk_id}/messages`, one request for 250 messages.
 *
 * @param from in Unix seconds; by default from the talk's beginning on
 * @throws KommoApiError
 */
export async function listMessages(
	api: KommoApi,
	talkId: number | string,
	limits: RetryLimits,
	from?: number,
): Promise<JsonMap[]> {
	const query: Query = from === undefined ? [] : [['filter[created_at][from]', String(from)]];
	const list = { path: `talks/${talkId}/messages`, key: 'messages', query, refusals: REFUSALS };
	const messages = await readAll(api, list, limits);
	return messages.sort(byTime);
}

function byChange(a: JsonMap, b: JsonMap): number {
	return Number(a.updated_at) - Number(b.updated_at) || Number(a.talk_id) - Number(b.talk_id);
}

function byTime(a: JsonMap, b: JsonMap): number {
	return Number(a.created_at) - Number(b.created_at) || (String(a.id) < String(b.id) ? -1 : 1);
}
