import type { KommoEvent } from '../shared/events/event';
import { isMap } from '../shared/events/json';
import { ONLY_AMOCRM, OTHER, row, type EventRow } from '../shared/events/eventTable';

/**
 * The events of the account-wide webhooks, by the codes with which they are registered:
 * https://developers.kommo.com/docs/webhooks-general, and for those that only amoCRM documents
 * https://www.amocrm.ru/developers/content/crm_platform/webhooks-format
 */
export const EVENTS = [
	row('add_message', 'Message Received', 'Message In', 'A customer wrote a chat message'),
	row(
		'add_outgoing_message',
		'Message Sent',
		'Message Out',
		'Somebody of the team, or a bot, wrote a chat message to a customer',
	),
	row('add_talk', 'Talk Added', 'Talk Added', 'A conversation with a customer began'),
	row('update_talk', 'Talk Updated', 'Talk Edited', `A conversation changed. ${ONLY_AMOCRM}`),

	row('add_lead', 'Lead Added', 'Lead Added', 'A lead was created'),
	row('update_lead', 'Lead Updated', 'Lead Edited', 'A lead was edited'),
	row('delete_lead', 'Lead Deleted', 'Lead Deleted', 'A lead was deleted'),
	row('restore_lead', 'Lead Restored', 'Lead Restored', 'A deleted lead was restored'),
	row('status_lead', 'Lead Stage Changed', 'Lead Stage', 'A lead moved to another stage'),
	row(
		'responsible_lead',
		'Lead Responsible User Changed',
		'Lead User',
		'Another user became responsible for a lead',
	),
	row('note_lead', 'Lead Note Added', 'Lead Note', 'A note was added to a lead'),

	row('add_contact', 'Contact Added', 'Cont. Added', 'A contact was created'),
	row('update_contact', 'Contact Updated', 'Cont. Edited', 'A contact was edited'),
	row('delete_contact', 'Contact Deleted', 'Cont. Del.', 'A contact was deleted'),
	row('restore_contact', 'Contact Restored', 'Cont. Rest.', 'A deleted contact was restored'),
	row(
		'responsible_contact',
		'Contact Responsible User Changed',
		'Cont. User',
		'Another user became responsible for a contact',
	),
	row('note_contact', 'Contact Note Added', 'Cont. Note', 'A note was added to a contact'),

	row('add_company', 'Company Added', 'Co. Added', 'A company was created'),
	row('update_company', 'Company Updated', 'Co. Edited', 'A company was edited'),
	row('delete_company', 'Company Deleted', 'Co. Deleted', 'A company was deleted'),
	row('restore_company', 'Company Restored', 'Co. Rest.', 'A deleted company was restored'),
	row(
		'responsible_company',
		'Company Responsible User Changed',
		'Co. User',
		'Another user became responsible for a company',
	),
	row('note_company', 'Company Note Added', 'Co. Note', 'A note was added to a company'),

	row('add_task', 'Task Added', 'Task Added', 'A task was created'),
	row('update_task', 'Task Updated', 'Task Edited', `A task was edited. ${ONLY_AMOCRM}`),
	row('delete_task', 'Task Deleted', 'Task Deleted', 'A task was deleted'),
	row(
		'responsible_task',
		'Task Responsible User Changed',
		'Task User',
		'Another user became responsible for a task',
	),

	row(
		'add_unsorted',
		'Incoming Lead Added',
		'Inc. Added',
		`An incoming lead came in. ${ONLY_AMOCRM}`,
	),
	row(
		'update_unsorted',
		'Incoming Lead Updated',
		'Inc. Edited',
		`An incoming lead changed. ${ONLY_AMOCRM}`,
	),
	row(
		'delete_unsorted',
		'Incoming Lead Deleted',
		'Inc. Deleted',
		`An incoming lead was accepted or declined. ${ONLY_AMOCRM}`,
	),

	row('add_customer', 'Customer Added', 'Cust. Added', `A customer was created. ${ONLY_AMOCRM}`),
	row(
		'update_customer',
		'Customer Updated',
		'Cust. Edited',
		`A customer was edited. ${ONLY_AMOCRM}`,
	),
	row(
		'delete_customer',
		'Customer Deleted',
		'Cust. Del.',
		`A customer was deleted. ${ONLY_AMOCRM}`,
	),
	row(
		'responsible_customer',
		'Customer Responsible User Changed',
		'Cust. User',
		`Another user became responsible for a customer. ${ONLY_AMOCRM}`,
	),
	row(
		'note_customer',
		'Customer Note Added',
		'Cust. Note',
		`A note was added to a customer. ${ONLY_AMOCRM}`,
	),

	row(
		'add_chat_template_review',
		'Chat Template Sent for Review',
		'Template',
		'A template of a WhatsApp message was sent for approval',
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
			'Every event that nothing else chosen here takes. Kommo sends only those that are registered: name their codes in the option Additional Events.',
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

/** Of the record that a note belongs to, as `element_type` */
const COMPANY = '3';

/** The event's code; nothing if the table does not have it. */
export function codeOf(event: KommoEvent): EventCode | undefined {
	const noun = isCompany(event) ? 'company' : NOUNS.get(event.entity);
	return EVENTS.find(({ code }) => code === `${event.event}_${noun}`)?.code;
}

/** Kommo sends companies as contacts. The record says which it is, and a note says so of its record. */
function isCompany({ entity, type, note }: KommoEvent): boolean {
	if (entity !== 'contacts') return false;
	return type === 'company' || (isMap(note) && String(note.element_type) === COMPANY);
}
