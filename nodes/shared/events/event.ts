import type { Json, JsonMap } from './json';

/**
 * One event of a request, the JSON of one n8n item: Kommo's action and entity, then the fields
 * of the record that it is about, then the account that sent it.
 */
export interface KommoEvent {
	/** Kommo's action, e.g. `mail_in` */
	event: string;
	/** Kommo's entity, e.g. `leads` */
	entity: string;
	[field: string]: Json;
}

/** The fields of an event that are not its record's. A record's own field of such a name is renamed. */
const OWN_FIELDS: readonly string[] = ['event', 'entity', 'account'];

/**
 * The event of a record.
 *
 * @param account as it was sent; nothing if it was not
 */
export function toEvent(
	event: string,
	entity: string,
	record: JsonMap,
	account: Json | undefined,
): KommoEvent {
	return {
		event,
		entity,
		...renameOwnFields(record),
		...(account !== undefined && { account }),
	};
}

function renameOwnFields(record: JsonMap): JsonMap {
	if (!OWN_FIELDS.some((name) => name in record)) return record;
	return Object.fromEntries(
		Object.entries(record).map(([name, value]) => [
			OWN_FIELDS.includes(name) ? `record_${name}` : name,
			value,
		]),
	);
}
