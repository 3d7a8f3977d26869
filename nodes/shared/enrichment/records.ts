import type { KommoApi, Query } from '../api/client';
import { PAGE_SIZE, readAll } from '../api/pages';
import { withFields } from '../events/customFields';
import { isMap, type Json, type JsonMap } from '../events/json';
import { findIn, settle, type Outcome } from './outcome';
import type { RecordList } from './subject';

type Id = Json | undefined;

/** For each id that was asked for, its record */
export type Records = ReadonlyMap<Id, Outcome<JsonMap>>;

/** Records that events are about, and their main contacts */
export interface RecordsWithContacts {
	records: Records;
	contacts: Records;
}

/** @param deadline by `now()`, in ms; a record that has not come by then has a problem */
export async function findRecords(
	api: KommoApi,
	list: RecordList,
	ids: readonly Id[],
	deadline: number,
): Promise<RecordsWithContacts> {
	return { records: await findByIds(api, list, ids, [], deadline), contacts: new Map() };
}

export async function findRecordsWithContacts(
	api: KommoApi,
	list: RecordList,
	ids: readonly Id[],
	deadline: number,
): Promise<RecordsWithContacts> {
	const records = await findByIds(api, list, ids, [['with', 'contacts']], deadline);
	const contactIds = [...records.values()].map((record) =>
		'value' in record ? mainContactIdOf(record.value) : undefined,
	);
	return { records, contacts: await findByIds(api, 'contacts', contactIds, [], deadline) };
}

/** Asks for the records of these ids in as few requests as Kommo allows. */
async function findByIds(
	api: KommoApi,
	list: RecordList,
	ids: readonly Id[],
	query: Query,
	deadline: number,
): Promise<Records> {
	const known = ids.filter((id) => id !== undefined);
	const found = await Promise.all(
		chunksOf(known).map(async (chunk) => {
			const filter = chunk.map((id): [string, string] => ['filter[id][]', String(id)]);
			const asked = { path: list, key: list, query: [...filter, ...query], max: chunk.length };
			const records = await settle(async () =>
				byId((await readAll(api, asked, { deadline })).map(withFields)),
			);
			return chunk.map((id) => [id, findIn(records, (some) => some.get(id))] as const);
		}),
	);
	return new Map(found.flat());
}

export function byId(records: readonly JsonMap[]): ReadonlyMap<Id, JsonMap> {
	return new Map(records.map((record) => [record.id, record]));
}

/** The id of the record's main contact; nothing when it has none. */
export function mainContactIdOf(record: JsonMap): Id {
	const contacts = isMap(record._embedded) ? record._embedded.contacts : [];
	if (!Array.isArray(contacts)) return undefined;
	return contacts.filter(isMap).find(({ is_main }) => is_main === true)?.id;
}

/** The ids, each once, in chunks of this size; by default as large as Kommo takes in one filter. */
export function chunksOf<T>(ids: readonly T[], size = PAGE_SIZE): T[][] {
	const distinct = [...new Set(ids)];
	return Array.from({ length: Math.ceil(distinct.length / size) }, (_, index) =>
		distinct.slice(index * size, (index + 1) * size),
	);
}
