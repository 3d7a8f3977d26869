import type { KommoApi, Query } from '../api/client';
import { listMessages } from '../api/talks';
import { readAll } from '../api/pages';
import type { Json, JsonMap } from '../events/json';
import { chunksOf } from './records';
import { settle, type Outcome } from './outcome';
import type { RecordList } from './subject';

/** For each record, the newest message that came in; null if there is none */
export type Messages = ReadonlyMap<Json | undefined, Outcome<JsonMap | null>>;

interface TalkFilter {
	/** The talk's field that names the record */
	field: 'entity_id' | 'contact_id';
	entityType?: 'lead' | 'customer';
}

/** So many that the address stays under 8 kB, which web servers take */
const RECORDS_PER_REQUEST = 100;

/** How the list of talks names a record. A company has no talks. */
const FILTERS: Partial<Record<RecordList, TalkFilter>> = {
	leads: { field: 'entity_id', entityType: 'lead' },
	customers: { field: 'entity_id', entityType: 'customer' },
	contacts: { field: 'contact_id' },
};

/**
 * The newest incoming message of each record's open talk that changed last, with the ids of the talk and its chat:
 * one request for the talks of 100 records, and one for the messages of each talk.
 *
 * @param deadline by `now()`, in ms; a message that has not come by then has a problem
 */
export async function findMessages(
	api: KommoApi,
	list: RecordList,
	ids: readonly number[],
	deadline: number,
): Promise<Messages> {
	const found = await Promise.all(
		chunksOf(ids, RECORDS_PER_REQUEST).map(async (chunk) => {
			const talks = await findTalks(api, FILTERS[list], chunk, deadline);
			return await Promise.all(
				chunk.map(async (id) => [id, await findMessage(api, talks, id, deadline)] as const),
			);
		}),
	);
	return new Map(found.flat());
}

/** By the id of the record, its open talk that changed last */
type Talks = ReadonlyMap<Json | undefined, JsonMap>;

async function findTalks(
	api: KommoApi,
	filter: TalkFilter | undefined,
	ids: readonly number[],
	deadline: number,
): Promise<Outcome<Talks>> {
	if (!filter) return { value: new Map() };
	const { field, entityType } = filter;
	const query: Query = [
		...ids.map((id): [string, string] => [`filter[${field}][]`, String(id)]),
		...(entityType ? [['filter[entity_type]', entityType] as [string, string]] : []),
		['filter[only_in_work]', '1'],
	];
	const list = { path: 'talks', key: 'talks', idField: 'talk_id', query };
	return await settle(async () => {
		const talks = await readAll(api, list, { deadline });
		return new Map(talks.sort(byChange).map((talk) => [talk[field], talk]));
	});
}

async function findMessage(
	api: KommoApi,
	talks: Outcome<Talks>,
	id: number,
	deadline: number,
): Promise<Outcome<JsonMap | null>> {
	if ('problem' in talks) return talks;
	const talk = talks.value.get(id);
	if (!talk) return { value: null };
	const { talk_id = null, chat_id = null } = talk;
	return await settle(async () => {
		const messages = await listMessages(api, String(talk_id), { deadline });
		const newest = messages.findLast(({ type }) => type === 'incoming');
		return newest ? { ...newest, talk_id, chat_id } : null;
	});
}

/** The talk that changed last is the last. */
function byChange(a: JsonMap, b: JsonMap): number {
	return Number(a.updated_at) - Number(b.updated_at) || Number(a.talk_id) - Number(b.talk_id);
}
