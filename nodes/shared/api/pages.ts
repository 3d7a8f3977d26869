import { readList, type KommoApi, type Query } from './client';
import type { RetryLimits } from './deadline';
import { isMap, type Json, type JsonMap } from '../events/json';

/**
 * All entries of a list, from page to page as Kommo links them. An entry that comes meanwhile moves others to the
 * next page: each is given once.
 *
 * @param key the list's name in the answer's `_embedded`, e.g. `messages`
 * @param idField what tells its entries apart, e.g. `id`
 * @throws KommoApiError
 */
export async function readPages(
	api: KommoApi,
	path: string,
	{ key, idField }: { key: string; idField: string },
	firstQuery: Query,
	limits: RetryLimits,
): Promise<JsonMap[]> {
	const entries = new Map<Json, JsonMap>();
	let query: Query | undefined = firstQuery;
	while (query) {
		const answer = await api.request('GET', path, { query }, limits);
		const known = entries.size;
		for (const entry of readList(answer, key)) entries.set(entry[idField] ?? entries.size, entry);
		query = entries.size > known ? nextQuery(answer) : undefined;
	}
	return [...entries.values()];
}

/** Only the query is taken from the address of the next page: the credential is for the account's host alone. */
function nextQuery(answer: JsonMap | undefined): Query | undefined {
	const next = isMap(answer?._links) ? answer._links.next : undefined;
	const address = isMap(next) ? next.href : undefined;
	if (typeof address !== 'string') return undefined;
	return [...new URLSearchParams(address.split('?')[1])];
}
