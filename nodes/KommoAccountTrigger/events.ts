import type { KommoEvent } from '../shared/events/event';
import { isMap } from '../shared/events/json';
import { ONLY_AMOCRM, OTHER, row, type EventRow } from '../shared/events/eventTable';

/**
 * The events of the account-wide webhooks, by the codes with which they are registered:
 * https://developers.kommo.com/reference/webhook-events. Kommo's settings page has more events. Their codes
 * are in https://www.amocrm.ru/developers/content/crm_platform/webhooks-api; docs/account-trigger.md has all.
 */
export const EVENTS = [
	row('add_message', 'Message Received', 'A customer wrote a chat message', 'Received'),
	row(
		'add_outgoing_message',
		'Message Sent',
		'Somebody of the team, or a bot, wrote a chat message to a customer',
		'Sent',
	),
	row('add_talk', 'Talk Added', 'A conversation with a customer began'),
	row('update_talk', 'Talk Updated', 'A conversation was answered or closed'),
	row('delete_talk', 'Talk Deleted', 'A conversation was deleted'),

	row('add_lead', 'Lead Added', 'A lead was created'),
	row('update_lead', 'Lead Updated', 'A lead was edited'),
	row('delete_lead', 'Lead Deleted', 'A lead was deleted'),
	row('restore_lead', 'Lead Restored', 'A deleted lead was restored'),
	row('status_lead', 'Lead Stage Changed', 'A lead moved to another stage', 'Lead Stage'),
	row(
		'responsible_lead',
		'Lead Responsible User Changed',
		'Another user became responsible for a lead',
		'Lead User',
	),
	row('note_lead', 'Lead Note Added', 'A note was added to a lead', 'Lead Note'),

	row('add_contact', 'Contact Added', 'A contact was created'),
	row('update_contact', 'Contact Updated', 'A contact was edited'),
	row('delete_contact', 'Contact Deleted', 'A contact was deleted'),
	row('restore_contact', 'Contact Restored', 'A deleted contact was restored'),
	row(
		'responsible_contact',
		'Contact Responsible User Changed',
		'Another user became responsible for a contact',
		'Contact User',
	),
	row('note_contact', 'Contact Note Added', 'A note was added to a contact', 'Contact Note'),

	row('add_company', 'Company Added', 'A company was created'),
	row('update_company', 'Company Updated', 'A company was edited'),
	row('delete_company', 'Company Deleted', 'A company was deleted'),
	row('restore_company', 'Company Restored', 'A deleted company was restored'),
	row(
		'responsible_company',
		'Company Responsible User Changed',
		'Another user became responsible for a company',
		'Company User',
	),
	row('note_company', 'Company Note Added', 'A note was added to a company', 'Company Note'),

	row('add_task', 'Task Added', 'A task was created'),
	row('update_task', 'Task Updated', 'A task was edited or completed'),
	row('delete_task', 'Task Deleted', 'A task was deleted'),
	row(
		'responsible_task',
		'Task Responsible User Changed',
		'Another user became responsible for a task',
		'Task User',
	),

	row('add_unsorted', 'Incoming Lead Added', 'An incoming lead came in', 'Incoming Added'),
	row('update_unsorted', 'Incoming Lead Updated', 'An incoming lead changed', 'Incoming Updated'),
	row(
		'delete_unsorted',
		'Incoming Lead Deleted',
		'An incoming lead was accepted or declined',
		'Incoming Deleted',
	),

	row('add_customer', 'Customer Added', `A customer was created. ${ONLY_AMOCRM}`),
	row('update_customer', 'Customer Updated', `A customer was edited. ${ONLY_AMOCRM}`),
	row('delete_customer', 'Customer Deleted', `A customer was deleted. ${ONLY_AMOCRM}`),
	row(
		'responsible_customer',
		'Customer Responsible User Changed',
		`Another user became responsible for a customer. ${ONLY_AMOCRM}`,
		'Customer User',
	),
	row(
		'note_customer',
		'Customer Note Added',
		`A note was added to a customer. ${ONLY_AMOCRM}`,
		'Customer Note',
	),

	row(
		'add_chat_template_review',
		'Chat Template Sent for Review',
		'A template of a WhatsApp message was sent for approval',
		'Template',
	),
] as const satisfies readonly EventRow[];

export type EventCode = (typeof EVENTS)[number]['code'];

/** All that "Trigger On" offers */
export const CHOICES: readonly EventRow[] = [
	...EVENTS,
	{
		code: OTHER,
		name: 'Other Events',
		description:
			'All events that no other choice takes. Kommo sends only registered events: enter further codes in the option Additional Events.',
		output: 'Other',
	},
];

/** What Kommo's entities are called in its codes */
const NOUNS = new Map([
	['leads', 'lead'],
	['contacts', 'contact'],
	['companies', 'company'],
	['customers', 'customer'],
	['task', 'task'],
	['tasks', 'task'],
	['talk', 'talk'],
	['talks', 'talk'],
	['message', 'message'],
	['outgoing_message', 'outgoing_message'],
	['unsorted', 'unsorted'],
	['chat_template_review', 'chat_template_review'],
	['chat_template_reviews', 'chat_template_review'],
]);

/** For these, Kommo sends a new responsible user as `update`. For leads, it sends `responsible`. */
const HANDED_OVER_BY_UPDATE = ['contact', 'company', 'task'];

/** The `element_type` of a note that belongs to a company */
const COMPANY = '3';

/** The event's codes in the table, the most exact one first; none if the table does not have it. */
export function codesOf(event: KommoEvent): EventCode[] {
	const noun = nounOf(event);
	if (noun === undefined) return [];
	const exact = isHandedOver(event, noun) ? [`responsible_${noun}`] : [];
	return [...exact, `${event.event}_${noun}`].filter(isCode);
}

/** Kommo sends companies as contacts, and some messages of the team with those of customers. */
function nounOf(event: KommoEvent): string | undefined {
	if (isCompany(event)) return 'company';
	if (event.entity === 'message' && event.type === 'outgoing') return 'outgoing_message';
	return NOUNS.get(event.entity);
}

/** A record says whether it is a company. A note says whether its record is one. */
function isCompany({ entity, type, note }: KommoEvent): boolean {
	if (entity !== 'contacts') return false;
	return type === 'company' || (isMap(note) && String(note.element_type) === COMPANY);
}

/** A plain edit can have both users too, but they are equal. The user 0 is nobody. */
function isHandedOver(event: KommoEvent, noun: string): boolean {
	if (event.event !== 'update' || !HANDED_OVER_BY_UPDATE.includes(noun)) return false;
	const { old_responsible_user_id: old, responsible_user_id: user } = event;
	return (Boolean(old) || old === 0) && old !== user;
}

function isCode(code: string): code is EventCode {
	return EVENTS.some((row) => row.code === code);
}
