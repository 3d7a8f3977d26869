import type { Json, JsonMap } from '../events/json';
import type { KommoApi, Query } from './client';
import { now, type RetryLimits } from './deadline';
import { PAGE_SIZE, readAll } from './pages';

/** In ms. An answer that is too late for one caller can still serve another. */
const ANSWER_WITHIN = 10_000;

/** A list of Kommo's API that can be filtered by an id */
export interface FilteredList {
	/** e.g. `leads` */
	path: string;
	/** The field that has the id. The filter has the same name, e.g. `id`. */
	field: string;
	/** The field that is different for each entry; by default `id` */
	idField?: string;
	/** Further filters, and what to return with each entry */
	query?: Query;
	/** How many ids one request may have; by default as many as Kommo takes */
	idsPerRequest?: number;
}

interface SharedRequest {
	ids: Set<Json>;
	/** By `now()`, in ms */
	deadline: number;
	entries: Promise<Map<Json | undefined, JsonMap[]>>;
}

/** The requests that wait for their turn, by account and list */
const waiting = new Map<string, SharedRequest>();

/**
 * The entries with this id. While a request for the same list waits for its turn, it takes further ids, also
 * those of other executions.
 *
 * @throws KommoApiError, up to 10 seconds after the deadline. A caller that cannot wait so long ends the
 * waiting itself.
 */
export async function findEntries(
	api: KommoApi,
	list: FilteredList,
	id: Json,
	limits: RetryLimits,
): Promise<JsonMap[]> {
	const request = joinRequest(api, list, id, limits);
	const entries = request.entries.then((all) => all.get(id) ?? []);
	return await entries.catch(async (error) => {
		// The request failed at the first caller's deadline. This caller has more time.
		const hasTime = request.deadline <= now() && now() < limits.deadline;
		if (hasTime) return await findEntries(api, list, id, limits);
		throw error;
	});
}

function joinRequest(
	api: KommoApi,
	list: FilteredList,
	id: Json,
	limits: RetryLimits,
): SharedRequest {
	const { idsPerRequest = PAGE_SIZE } = list;
	const key = `${api.cacheKey} ${JSON.stringify(list)}`;
	const open = waiting.get(key);
	const hasRoom = open && (open.ids.has(id) || open.ids.size < idsPerRequest);
	const request =
		hasRoom && open.deadline <= limits.deadline ? open : openRequest(api, key, list, limits);
	request.ids.add(id);
	return request;
}

function openRequest(
	api: KommoApi,
	key: string,
	list: FilteredList,
	limits: RetryLimits,
): SharedRequest {
	const { path, field, idField, query = [] } = list;
	const ids = new Set<Json>();
	const close = () => {
		if (waiting.get(key)?.ids === ids) waiting.delete(key);
	};
	const takeQuery = (): Query => {
		close();
		return [...[...ids].map((id) => [`filter[${field}][]`, String(id)] as const), ...query];
	};
	const max = field === 'id' ? PAGE_SIZE : Infinity;
	const idList = { path, key: path, idField, query: takeQuery, max, bulk: true };
	const entries = readAll(api, idList, { ...limits, answerWithin: ANSWER_WITHIN })
		.then((all) => groupBy(all, field))
		.finally(close);
	const request = { ids, deadline: limits.deadline, entries };
	waiting.set(key, request);
	return request;
}

function groupBy(entries: readonly JsonMap[], field: string): Map<Json | undefined, JsonMap[]> {
	const groups = new Map<Json | undefined, JsonMap[]>();
	for (const entry of entries) {
		const group = groups.get(entry[field]);
		if (group) group.push(entry);
		else groups.set(entry[field], [entry]);
	}
	return groups;
}
