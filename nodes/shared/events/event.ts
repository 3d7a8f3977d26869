import type { Json } from './json';

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
export const OWN_FIELDS: readonly string[] = ['event', 'entity', 'account'];
