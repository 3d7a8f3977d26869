import type { KommoEvent } from '../shared/events/event';
import { ONLY_AMOCRM, row, type EventRow } from '../shared/events/eventTable';

/**
 * The types of Kommo's list of events, https://developers.kommo.com/reference/event-types, and those that only
 * amoCRM documents, https://www.amocrm.ru/developers/content/crm_platform/events-and-notes
 */
export const EVENTS = [
	row('lead_status_changed', 'Lead Stage Changed', 'Stage', 'A lead moved to another stage'),
	row('lead_added', 'Lead Added', 'Lead Added', 'A lead was created'),
	row('lead_deleted', 'Lead Deleted', 'Lead Del.', 'A lead was deleted'),
	row('lead_restored', 'Lead Restored', 'Lead Rest.', 'A deleted lead was restored'),
	row('lead_linked', 'Lead Linked', 'Lead Link', 'A lead was linked to another record'),
	row('lead_unlinked', 'Lead Unlinked', 'Lead Unl.', 'A lead was unlinked from another record'),

	row('incoming_chat_message', 'Incoming Chat Message', 'Chat', 'A customer wrote a chat message'),
	row(
		'outgoing_chat_message',
		'Outgoing Chat Message',
		'Chat Out',
		'A chat message was written to a customer',
	),
	row('incoming_mail', 'Incoming Email', 'Email', 'An email came in'),
	row('outgoing_mail', 'Outgoing Email', 'Email Out', 'An email was sent'),
	row('incoming_call', 'Incoming Call', 'Call', 'A customer called'),
	row('outgoing_call', 'Outgoing Call', 'Call Out', 'A customer was called'),
	row('incoming_sms', 'Incoming SMS', 'SMS', 'A text message came in'),
	row('outgoing_sms', 'Outgoing SMS', 'SMS Out', 'A text message was sent'),
	row(
		'entity_direct_message',
		'Internal Chat Message',
		'Internal',
		'Somebody of the team wrote a message in the internal chat',
	),
	row('talk_created', 'Talk Created', 'Talk Begun', 'A conversation with a customer began'),
	row('talk_closed', 'Talk Closed', 'Talk Closed', 'A conversation was closed'),
	row('conversation_answered', 'Talk Answered', 'Answered', 'A conversation was answered'),
	row(
		'talk_missed_event',
		'Talk Missed',
		'Talk Missed',
		'A conversation was left without an answer',
	),
	row('page_mention', 'Page Mention', 'Mention', 'A page was mentioned in a social network'),
	row('site_visit_note_added', 'Site Visit', 'Site Visit', 'A customer visited the site'),

	row('contact_added', 'Contact Added', 'Cont. Added', 'A contact was created'),
	row('contact_deleted', 'Contact Deleted', 'Cont. Del.', 'A contact was deleted'),
	row('contact_restored', 'Contact Restored', 'Cont. Rest.', 'A deleted contact was restored'),
	row('contact_linked', 'Contact Linked', 'Cont. Link', 'A contact was linked to another record'),
	row(
		'contact_unlinked',
		'Contact Unlinked',
		'Cont. Unl.',
		'A contact was unlinked from another record',
	),

	row('company_added', 'Company Added', 'Comp. Added', 'A company was created'),
	row('company_deleted', 'Company Deleted', 'Comp. Del.', 'A company was deleted'),
	row('company_restored', 'Company Restored', 'Comp. Rest.', 'A deleted company was restored'),
	row('company_linked', 'Company Linked', 'Comp. Link', 'A company was linked to another record'),
	row(
		'company_unlinked',
		'Company Unlinked',
		'Comp. Unl.',
		'A company was unlinked from another record',
	),

	row('customer_added', 'Customer Added', 'Cust. Added', `A customer was created. ${ONLY_AMOCRM}`),
	row(
		'customer_deleted',
		'Customer Deleted',
		'Cust. Del.',
		`A customer was deleted. ${ONLY_AMOCRM}`,
	),
	row(
		'customer_status_changed',
		'Customer Stage Changed',
		'Cust. Stage',
		`A customer moved to another stage. ${ONLY_AMOCRM}`,
	),

	row('task_added', 'Task Added', 'Task Added', 'A task was created'),
	row('task_completed', 'Task Completed', 'Task Done', 'A task was completed'),
	row('task_deleted', 'Task Deleted', 'Task Del.', 'A task was deleted'),
	row('task_result_added', 'Task Result Added', 'Task Result', 'A result was added to a task'),
	row(
		'task_deadline_changed',
		'Task Deadline Changed',
		'Task Due',
		'The deadline of a task was changed',
	),
	row('task_text_changed', 'Task Text Changed', 'Task Text', 'The text of a task was changed'),
	row('task_type_changed', 'Task Type Changed', 'Task Type', 'The type of a task was changed'),

	row(
		'entity_responsible_changed',
		'Responsible User Changed',
		'User',
		'Another user became responsible for a record',
	),
	row('entity_tag_added', 'Tag Added', 'Tag Added', 'A tag was added to a record'),
	row('entity_tag_deleted', 'Tag Removed', 'Tag Removed', 'A tag was taken from a record'),
	row('entity_linked', 'Record Linked', 'Linked', 'Two records were linked'),
	row('entity_unlinked', 'Record Unlinked', 'Unlinked', 'Two records were unlinked'),
	row('entity_merged', 'Records Merged', 'Merged', 'Records were merged into one'),

	row('sale_field_changed', 'Sale Changed', 'Sale', 'The sale value of a lead was changed'),
	row('name_field_changed', 'Name Changed', 'Name', 'The name of a record was changed'),
	row('ltv_field_changed', 'Purchases Total Changed', 'LTV', "A customer's purchases changed"),
	row(
		'custom_field_value_changed',
		'Custom Field Changed',
		'Field',
		'The value of a custom field was changed',
	),

	row('common_note_added', 'Note Added', 'Note', 'A note was added'),
	row('common_note_deleted', 'Note Deleted', 'Note Del.', 'A note was deleted'),
	row('attachment_note_added', 'File Added', 'File', 'A note with a file was added'),
	row(
		'service_note_added',
		'System Note Added',
		'System Note',
		'Kommo or an integration added a note',
	),
	row(
		'geo_note_added',
		'Location Note Added',
		'Location',
		'A note with a place on the map was added',
	),
	row(
		'targeting_in_note_added',
		'Added to Retargeting',
		'Target In',
		'A note says that a record was added to retargeting',
	),
	row(
		'targeting_out_note_added',
		'Removed From Retargeting',
		'Target Out',
		'A note says that a record was removed from retargeting',
	),

	row('robot_replied', 'Bot Replied', 'Bot Reply', 'A bot replied to a customer'),
	row('intent_identified', 'Intent Identified', 'Intent', 'A bot found out what a customer wants'),
	row('ai_result', 'AI Result', 'AI Result', "Kommo's AI gave a result"),
	row('nps_rate_added', 'NPS Rating Added', 'NPS', 'A customer gave a rating'),
	row('link_followed', 'Link Followed', 'Link', 'A customer followed a link'),
	row('key_action_completed', 'Key Action Completed', 'Key Action', 'A key action was completed'),
] as const satisfies readonly EventRow[];

export type EventCode = (typeof EVENTS)[number]['code'];

/** All that "Trigger On" offers */
export const CHOICES: readonly EventRow[] = EVENTS;

/** The events that the digital pipeline sends too, as it calls them */
const PIPELINE_CODES = new Map<string, string>([
	['lead_status_changed', 'status'],
	['lead_added', 'add'],
	['incoming_mail', 'mail_in'],
	['incoming_call', 'call_in'],
	['incoming_chat_message', 'chat'],
	['site_visit_note_added', 'site_visit'],
] satisfies Array<[EventCode, string]>);

const TYPES = new Map([...PIPELINE_CODES].map(([type, code]) => [code, type]));

/** What an item calls an event of this type */
export function nameOf(type: string): string {
	return PIPELINE_CODES.get(type) ?? type;
}

/** The event's code in the table; nothing if the table does not have it. */
export function codeOf({ event }: Pick<KommoEvent, 'event'>): EventCode | undefined {
	const type = TYPES.get(event) ?? event.replace(/^custom_field_\d+_/, 'custom_field_');
	return EVENTS.find(({ code }) => code === type)?.code;
}

/** Whether the digital pipeline sends this event with the stage that the lead is in. */
export function isOfPipeline({ event }: KommoEvent): boolean {
	return TYPES.has(event);
}
