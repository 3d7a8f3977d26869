import type { KommoEvent } from '../shared/events/event';
import { ONLY_AMOCRM, row, type EventRow } from '../shared/events/eventTable';

/**
 * The types of Kommo's list of events, https://developers.kommo.com/reference/event-types, and those that only
 * amoCRM documents, https://www.amocrm.ru/developers/content/crm_platform/events-and-notes
 */
export const EVENTS = [
	row('lead_status_changed', 'Lead Stage Changed', 'A lead moved to another stage', 'Stage'),
	row('lead_added', 'Lead Added', 'A lead was created'),
	row('lead_deleted', 'Lead Deleted', 'A lead was deleted'),
	row('lead_restored', 'Lead Restored', 'A deleted lead was restored'),
	row('lead_linked', 'Lead Linked', 'A lead was linked to another record'),
	row('lead_unlinked', 'Lead Unlinked', 'A lead was unlinked from another record'),

	row('incoming_chat_message', 'Incoming Chat Message', 'A customer wrote a chat message', 'Chat'),
	row(
		'outgoing_chat_message',
		'Outgoing Chat Message',
		'A chat message was written to a customer',
		'Outgoing Chat',
	),
	row('incoming_mail', 'Incoming Email', 'An email came in', 'Email'),
	row('outgoing_mail', 'Outgoing Email', 'An email was sent'),
	row('incoming_call', 'Incoming Call', 'A customer called', 'Call'),
	row('outgoing_call', 'Outgoing Call', 'A customer was called'),
	row('incoming_sms', 'Incoming SMS', 'A text message came in', 'SMS'),
	row('outgoing_sms', 'Outgoing SMS', 'A text message was sent'),
	row(
		'entity_direct_message',
		'Internal Chat Message',
		'Somebody of the team wrote a message in the internal chat',
		'Internal',
	),
	row('talk_created', 'Talk Created', 'A conversation with a customer began'),
	row('talk_closed', 'Talk Closed', 'A conversation was closed'),
	row('conversation_answered', 'Talk Answered', 'A conversation was answered', 'Answered'),
	row('talk_missed_event', 'Talk Missed', 'A conversation was left without an answer'),
	row('page_mention', 'Page Mention', 'A page was mentioned in a social network', 'Mention'),
	row('site_visit_note_added', 'Site Visit', 'A customer visited the site'),

	row('contact_added', 'Contact Added', 'A contact was created'),
	row('contact_deleted', 'Contact Deleted', 'A contact was deleted'),
	row('contact_restored', 'Contact Restored', 'A deleted contact was restored'),
	row('contact_linked', 'Contact Linked', 'A contact was linked to another record'),
	row('contact_unlinked', 'Contact Unlinked', 'A contact was unlinked from another record'),

	row('company_added', 'Company Added', 'A company was created'),
	row('company_deleted', 'Company Deleted', 'A company was deleted'),
	row('company_restored', 'Company Restored', 'A deleted company was restored'),
	row('company_linked', 'Company Linked', 'A company was linked to another record'),
	row('company_unlinked', 'Company Unlinked', 'A company was unlinked from another record'),

	row('customer_added', 'Customer Added', `A customer was created. ${ONLY_AMOCRM}`),
	row('customer_deleted', 'Customer Deleted', `A customer was deleted. ${ONLY_AMOCRM}`),
	row(
		'customer_status_changed',
		'Customer Stage Changed',
		`A customer moved to another stage. ${ONLY_AMOCRM}`,
		'Customer Stage',
	),

	row('task_added', 'Task Added', 'A task was created'),
	row('task_completed', 'Task Completed', 'A task was completed'),
	row('task_deleted', 'Task Deleted', 'A task was deleted'),
	row('task_result_added', 'Task Result Added', 'A result was added to a task', 'Task Result'),
	row(
		'task_deadline_changed',
		'Task Deadline Changed',
		'The deadline of a task was changed',
		'Task Deadline',
	),
	row('task_text_changed', 'Task Text Changed', 'The text of a task was changed', 'Task Text'),
	row('task_type_changed', 'Task Type Changed', 'The type of a task was changed', 'Task Type'),

	row(
		'entity_responsible_changed',
		'Responsible User Changed',
		'Another user became responsible for a record',
		'User',
	),
	row('entity_tag_added', 'Tag Added', 'A tag was added to a record'),
	row('entity_tag_deleted', 'Tag Removed', 'A tag was taken from a record'),
	row('entity_linked', 'Record Linked', 'Two records were linked', 'Linked'),
	row('entity_unlinked', 'Record Unlinked', 'Two records were unlinked', 'Unlinked'),
	row('entity_merged', 'Records Merged', 'Records were merged into one', 'Merged'),

	row('sale_field_changed', 'Sale Changed', 'The sale value of a lead was changed', 'Sale'),
	row('name_field_changed', 'Name Changed', 'The name of a record was changed', 'Name'),
	row(
		'ltv_field_changed',
		'Purchases Total Changed',
		"A customer's purchases changed",
		'Purchases',
	),
	row(
		'custom_field_value_changed',
		'Custom Field Changed',
		'The value of a custom field was changed',
		'Field',
	),

	row('common_note_added', 'Note Added', 'A note was added', 'Note'),
	row('common_note_deleted', 'Note Deleted', 'A note was deleted'),
	row('attachment_note_added', 'File Added', 'A note with a file was added', 'File'),
	row(
		'service_note_added',
		'System Note Added',
		'Kommo or an integration added a note',
		'System Note',
	),
	row(
		'geo_note_added',
		'Location Note Added',
		'A note with a place on the map was added',
		'Location',
	),
	row(
		'targeting_in_note_added',
		'Added to Retargeting',
		'A note says that a record was added to retargeting',
		'To Retargeting',
	),
	row(
		'targeting_out_note_added',
		'Removed From Retargeting',
		'A note says that a record was removed from retargeting',
		'From Retargeting',
	),

	row('robot_replied', 'Bot Replied', 'A bot replied to a customer'),
	row('intent_identified', 'Intent Identified', 'A bot found out what a customer wants', 'Intent'),
	row('ai_result', 'AI Result', "Kommo's AI gave a result"),
	row('nps_rate_added', 'NPS Rating Added', 'A customer gave a rating', 'NPS Rating'),
	row('link_followed', 'Link Followed', 'A customer followed a link'),
	row('key_action_completed', 'Key Action Completed', 'A key action was completed', 'Key Action'),
] as const satisfies readonly EventRow[];

export type EventCode = (typeof EVENTS)[number]['code'];

/** All that "Trigger On" offers */
export const CHOICES: readonly EventRow[] = EVENTS;

/** The events that the digital pipeline sends too, with its names for them */
const PIPELINE_CODES = new Map<string, string>([
	['lead_status_changed', 'status'],
	['lead_added', 'add'],
	['incoming_mail', 'mail_in'],
	['incoming_call', 'call_in'],
	['incoming_chat_message', 'chat'],
	['site_visit_note_added', 'site_visit'],
] satisfies Array<[EventCode, string]>);

const TYPES = new Map([...PIPELINE_CODES].map(([type, code]) => [code, type]));

/** The name of an event of this type in items */
export function nameOf(type: string): string {
	return PIPELINE_CODES.get(type) ?? type;
}

/**
 * The values of Trigger On that take the event, the most exact one first: Kommo's type and, of a custom field,
 * that of all custom fields.
 */
export function codesOf({ event }: Pick<KommoEvent, 'event'>): string[] {
	const type = TYPES.get(event) ?? event;
	return [type, type.replace(/^custom_field_\d+_/, 'custom_field_')];
}

/** Whether the digital pipeline sends this event too. It sends the stage of the lead along. */
export function isOfPipeline({ event }: KommoEvent): boolean {
	return TYPES.has(event);
}
