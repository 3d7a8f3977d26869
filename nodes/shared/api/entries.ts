import type { Json, JsonMap } from '../events/json';
import type { KommoApi, Query } from './client';
import { now, type RetryLimits } from './deadline';
import { PAGE_SIZE, readAll } from './pages';

/** In ms; an answer that comes too late for one who waits may serve another. */
const ANSWER_WITHIN = 10_000;

/** A list whose entries are asked for by an id */
export interface FilteredList {
	/** e.g. `leads` */
	path: string;
	/** The field of an entry that has the id, and the filter's name, e.g. `id` */
	field: string;
	/** What tells the entries apart; by default `id` */
	idField?: string;
	/** Further filters and what to give besides */
	query?: Query;
	/** How many ids one request may have; by default as many as Kommo takes */
	idsPerRequest?: number;
}

interface JointRequest {
	ids: Set<Json>;
	/** By `now()`, in ms */
	deadline: number;
	entries: Promise<Map<Json | undefined, JsonMap[]>>;
}

/** Requests that wait for their turn, by what they ask for */
const waiting = new Map<string, JointRequest>();

/**
 * The entries with this id, in as few requests as Kommo allows: ids of the same list go together, whatever
 * execution asks for them, as long as their request waits for its turn.
 *
 * @throws KommoApiError, which may come up to 10 seconds after the deadline: who asks ends the waiting
 */
export async function findEntries(
	api: KommoApi,
	list: FilteredList,
	id: Json,
	limits: RetryLimits,
): Promise<JsonMap[]> {
	const request = join(api, list, id, limits);
	const entries = request.entries.then((all) => all.get(id) ?? []);
	return await entries.catch(async (error) => {
		// Who asked first had less time.
		const hasTime = request.deadline <= now() && now() < limits.deadline;
		if (hasTime) return await findEntries(api, list, id, limits);
		throw error;
	});
}

function join(api: KommoApi, list: FilteredList, id: Json, limits: RetryLimits): JointRequest {
	const { idsPerRequest = PAGE_SIZE } = list;
	const key = `${api.cacheKey} ${JSON.stringify(list)}`;
	const open = waiting.get(key);
	const fits = open && (open.ids.has(id) || open.ids.size < idsPerRequest);
	const request = fits && open.deadline <= limits.deadline ? open : start(api, key, list, limits);
	request.ids.add(id);
	return request;
}

function start(api: KommoApi, key: string, list: FilteredList, limits: RetryLimits): JointRequest {
	const { path, field, idField, query = [] } = list;
	const ids = new Set<Json>();
	const close = () => {
		if (waiting.get(key)?.ids === ids) waiting.delete(key);
	};
	const askForAll = (): Query => {
		close();
		return [...[...ids].map((id) => [`filter[${field}][]`, String(id)] as const), ...query];
	};
	const max = field === 'id' ? PAGE_SIZE : Infinity;
	const asked = { path, key: path, idField, query: askForAll, max, bulk: true };
	const entries = readAll(api, asked, { ...limits, answerWithin: ANSWER_WITHIN })
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
