import { isMap, type Json, type JsonMap } from '../events/json';
import type { RequestOptions, KommoApi, Query } from './client';
import type { RetryLimits } from './deadline';
import { KommoApiError, UNEXPECTED_ANSWER } from './problem';

/** How many records Kommo's API takes in one filter, and gives on one page */
export const PAGE_SIZE = 250;

/** A list of Kommo's API */
export interface List extends Pick<RequestOptions, 'bulk' | 'refusals'> {
	/** e.g. `talks/7/messages` */
	path: string;
	/** The list's name in the answer's `_embedded`, e.g. `messages` */
	key: string;
	query?: Query | (() => Query);
	/** The field that is different for each entry; by default `id` */
	idField?: string;
	/** The most entries of a page; by default `PAGE_SIZE` */
	limit?: number;
	/** The most entries of the list; by default any number */
	max?: number;
}

export interface Page {
	entries: JsonMap[];
	/** Whether there may be another page: Kommo links it, or this page is full */
	hasNext: boolean;
	/** Whether Kommo links the next page */
	isLinked: boolean;
	/** The query of the next page, if Kommo links it */
	next?: Query;
	/** Kommo's time, in Unix seconds, if the answer has it */
	date: number | undefined;
}

/**
 * One page of a list.
 *
 * @param page the number, from 1 on, or the query from the link on the previous page
 * @throws KommoApiError
 */
export async function readPage(
	api: KommoApi,
	{ path, key, limit = PAGE_SIZE, query = [], bulk, refusals }: List,
	page: number | Query,
	limits: RetryLimits,
): Promise<Page> {
	const paging: Query = [
		['limit', String(limit)],
		['page', String(page)],
	];
	const toQuery = () => [...(typeof query === 'function' ? query() : query), ...paging];
	const content = { query: typeof page === 'number' ? toQuery : page, bulk, refusals };
	const { body, date } = await api.request('GET', path, content, limits);
	const entries = readList(body, key);
	const next = nextQuery(body);
	const isLinked = hasLink(body);
	const hasNext = isLinked || entries.length >= limit;
	return { entries, hasNext, isLinked, ...(next && { next }), date };
}

/**
 * All entries of a list, each once. A new entry can move others to the next page while this reads.
 *
 * @throws KommoApiError
 */
export async function readAll(api: KommoApi, list: List, limits: RetryLimits): Promise<JsonMap[]> {
	const { idField = 'id', max = Infinity } = list;
	const entries = new Map<Json, JsonMap>();
	let page = await readPage(api, list, 1, limits);
	for (let number = 2; ; number++) {
		const countBefore = entries.size;
		for (const entry of page.entries) entries.set(entry[idField] ?? entries.size, entry);
		const isLast = !page.hasNext || entries.size === countBefore || entries.size >= max;
		if (isLast) return [...entries.values()];
		const { isLinked } = page;
		const following = await readPage(api, list, page.next ?? number, limits).catch((error) => {
			// After a full page that was the last one, Kommo may answer that there is no such page.
			if (!isLinked && isRefused(error, [400, 404])) return undefined;
			throw error;
		});
		if (!following) return [...entries.values()];
		page = following;
	}
}

export function isRefused(error: unknown, statuses: readonly number[]): boolean {
	const status = error instanceof KommoApiError ? error.answer?.status : undefined;
	return status !== undefined && statuses.includes(status);
}

/**
 * The entries of a list in an answer; none for an empty answer (204).
 *
 * @throws KommoApiError when the answer is not such a list
 */
export function readList(body: JsonMap | undefined, key: string): JsonMap[] {
	if (!body) return [];
	const list = isMap(body._embedded) ? body._embedded[key] : undefined;
	if (!Array.isArray(list) || !list.every(isMap)) throw new KommoApiError(UNEXPECTED_ANSWER);
	return list;
}

function hasLink(body: JsonMap | undefined): boolean {
	return isMap(body?._links) && Boolean(body._links.next);
}

/** Takes only the query of the next page's address: the credential must go to the account's host only. */
function nextQuery(body: JsonMap | undefined): Query | undefined {
	const next = isMap(body?._links) ? body._links.next : undefined;
	const address = isMap(next) ? next.href : undefined;
	const query = typeof address === 'string' ? address.split('?')[1] : undefined;
	return query ? [...new URLSearchParams(query)] : undefined;
}
