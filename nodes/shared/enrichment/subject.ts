import { isSameAccount, readAccount } from '../../../credentials/accountAddress';
import { senderOf } from '../events/sender';
import type { KommoEvent } from '../events/event';
import { isMap, type Json, type JsonMap } from '../events/json';

/** The lists of Kommo's API with the records that events are about, by their paths */
export type RecordList = 'leads' | 'customers' | 'contacts' | 'companies';

/** The record that an event is about */
export interface Subject {
	list: RecordList;
	id: number;
	/** The contact, if the event names one; otherwise the record's main contact is used */
	contactId?: number;
}

/** The list that the field `entity_type` or `element_type` stands for, by all values that Kommo uses */
const LISTS = new Map<string, RecordList>([
	['lead', 'leads'],
	['leads', 'leads'],
	['contact', 'contacts'],
	['contacts', 'contacts'],
	['company', 'companies'],
	['companies', 'companies'],
	['customer', 'customers'],
	['customers', 'customers'],
	['1', 'contacts'],
	['2', 'leads'],
	['3', 'companies'],
	['12', 'customers'],
]);

/** By its entity, how to find what an event is about */
const SUBJECTS = new Map<string, (event: KommoEvent) => Subject | undefined>([
	['leads', ofRecord],
	['customers', ofRecord],
	['contacts', ofRecord],
	['companies', ofRecord],
	['message', ofChat],
	['outgoing_message', ofChat],
	['talk', ofChat],
	['talks', ofChat],
	['task', ofNamed],
	['tasks', ofNamed],
]);

/** The record that an event is about; nothing if the event cannot be enriched with it. */
export function subjectOf(event: KommoEvent): Subject | undefined {
	return SUBJECTS.get(event.entity)?.(event);
}

/** Whether an event says in which pipeline its lead is. Only then can the names of its stages be found. */
export function hasPipeline(event: KommoEvent): event is KommoEvent & { pipeline_id: Json } {
	return event.entity === 'leads' && event.pipeline_id !== undefined;
}

/** Whether an event is about a task and does not name the record of the task, as in the list of events. */
export function isUnlinkedTask(event: KommoEvent): event is KommoEvent & { id: number } {
	const { entity, id, element_id, entity_id } = event;
	const namesRecord = element_id !== undefined || entity_id !== undefined;
	return entity === 'tasks' && typeof id === 'number' && !namesRecord;
}

/** Whether an event says that a chat message came in, but not its text. */
export function isChat({ event }: KommoEvent): boolean {
	return event === 'chat';
}

/**
 * Whether an event comes from another account. Accounts can have equal ids, so an event could get another
 * account's record.
 */
export function isForeign(event: KommoEvent, host: string): boolean {
	const sender = senderOf(event);
	return sender !== undefined && !isSameAccount(sender, readAccount(host));
}

/** Kommo sends companies as contacts. The event of a note has the field `note`, which names the record. */
function ofRecord({ entity, id, type, note }: KommoEvent): Subject | undefined {
	if (isMap(note)) return ofNamed(note);
	const list = entity === 'contacts' && type === 'company' ? 'companies' : (entity as RecordList);
	return toSubject(list, id);
}

/** A message of a contact without a lead names only the contact. */
function ofChat(chat: JsonMap): Subject | undefined {
	const record = ofNamed(chat);
	const contact = toSubject('contacts', chat.contact_id);
	return record && contact ? { ...record, contactId: contact.id } : (record ?? contact);
}

/** Kommo has two pairs of fields to name a record, and sends one pair or both. */
function ofNamed({ entity_type, entity_id, element_type, element_id }: JsonMap) {
	return toSubject(listOf(entity_type), entity_id) ?? toSubject(listOf(element_type), element_id);
}

function listOf(type: Json | undefined): RecordList | undefined {
	return typeof type === 'string' || typeof type === 'number' ? LISTS.get(String(type)) : undefined;
}

/** If the record is a contact, it is also the subject's contact. */
function toSubject(list: RecordList | undefined, id: Json | undefined): Subject | undefined {
	if (!list || typeof id !== 'number') return undefined;
	return list === 'contacts' ? { list, id, contactId: id } : { list, id };
}
