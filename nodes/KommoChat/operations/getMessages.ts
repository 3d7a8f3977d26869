import { readList, type KommoApi, type Query } from '../../shared/api/client';
import type { RetryLimits } from '../../shared/api/deadline';
import { isMap, type Json, type JsonMap } from '../../shared/json';
import { startLimits } from '../limits';
import { explainRefusal, NO_TALK, type Sentences } from '../refusal';
import type { Operation } from './operation';

/** How many messages Kommo gives on one page at most */
const PAGE_SIZE = 250;

const REFUSALS: Sentences = {
	403: 'Kommo does not let the credential read messages (403). The integration needs the scope External chat history, the account the plan Trial, Pro or Enterprise, and the user the right to see the chat. amoCRM does not offer this at all.',
	404: NO_TALK,
};

/** Gives the latest messages of a talk, the oldest first. */
export const getMessages: Operation = async (api, parameters) => {
	const talk_id = parameters.id('talkId');
	const limit = parameters.count('limit');
	const messages = await explainRefusal(
		readAll(api, `talks/${talk_id}/messages`, startLimits()),
		'the request for messages',
		REFUSALS,
	);
	const latest = messages.sort(byTime).slice(-limit);
	return latest.map((message) => ({ ...message, talk_id }));
};

/** All of them, because Kommo promises no order. A message that comes meanwhile moves others to the next page. */
async function readAll(api: KommoApi, path: string, limits: RetryLimits): Promise<JsonMap[]> {
	const messages = new Map<Json, JsonMap>();
	let query: Query | undefined = [['limit', String(PAGE_SIZE)]];
	while (query) {
		const answer = await api.request('GET', path, { query }, limits);
		const known = messages.size;
		for (const message of readList(answer, 'messages')) {
			messages.set(message.id ?? messages.size, message);
		}
		query = messages.size > known ? nextQuery(answer) : undefined;
	}
	return [...messages.values()];
}

/** Only the query is taken from the address of the next page: the credential is for the account's host alone. */
function nextQuery(answer: JsonMap | undefined): Query | undefined {
	const next = isMap(answer?._links) ? answer._links.next : undefined;
	const address = isMap(next) ? next.href : undefined;
	if (typeof address !== 'string') return undefined;
	return [...new URLSearchParams(address.split('?')[1])];
}

function byTime(a: JsonMap, b: JsonMap): number {
	return Number(a.created_at) - Number(b.created_at) || compareIds(a.id, b.id);
}

function compareIds(a: Json = '', b: Json = ''): number {
	if (typeof a === 'number' && typeof b === 'number') return a - b;
	return String(a) < String(b) ? -1 : Number(String(a) > String(b));
}
