import { withFields } from './customFields';
import type { Json, JsonMap } from './json';
import { rename } from './rename';

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
const OWN_FIELDS = ['event', 'entity', 'account'];

/** By entity, the fields that people look for first. n8n's table shows fields in the item's order. */
const FIRST_FIELDS = new Map([
	['message', ['id', 'text', 'author']],
	['outgoing_message', ['id', 'text', 'author']],
]);

/**
 * Makes an event of a record, with the fields in reading order and the custom fields by name.
 *
 * @param account nothing if the request names none
 */
export function toEvent(
	event: string,
	entity: string,
	record: JsonMap,
	account?: Json,
): KommoEvent {
	const item: KommoEvent = { event, entity };
	for (const name of FIRST_FIELDS.get(entity) ?? ['id']) {
		if (name in record) item[name] = record[name]!;
	}
	const fields = withFields(record);
	for (const name of Object.keys(fields)) {
		item[OWN_FIELDS.includes(name) ? rename(name, fields) : name] = fields[name]!;
	}
	if (account !== undefined) item.account = account;
	return item;
}
