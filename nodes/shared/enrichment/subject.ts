import { senderOf } from '../account';
import type { KommoEvent } from '../event';
import type { Json } from '../json';

/** The lists of records that events are about, by their paths in Kommo's API */
export type RecordList = 'leads' | 'customers';

/** The record that an event is about */
export interface Subject {
	list: RecordList;
	id: Json | undefined;
}

/** By the entity of the event */
const SUBJECTS = new Map<string, (event: KommoEvent) => Subject>([
	['leads', ({ id }) => ({ list: 'leads', id })],
	['customers', ({ id }) => ({ list: 'customers', id })],
]);

/** Nothing when the event is about no record that can be enriched with. */
export function subjectOf(event: KommoEvent): Subject | undefined {
	const subject = SUBJECTS.get(event.entity)?.(event);
	return typeof subject?.id === 'number' ? subject : undefined;
}

/** Ids of different accounts may be equal: an event must not get another account's record. */
export function isForeign(event: KommoEvent, subdomain: string): boolean {
	const sender = senderOf(event);
	return sender !== undefined && sender !== subdomain;
}
