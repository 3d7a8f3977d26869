import type { KommoEvent } from '../shared/events/event';
import { OTHER, type EventRow } from '../shared/events/eventTable';

interface PipelineEventRow extends EventRow {
	/**
	 * The entities for which the digital pipeline sends this action. For other entities, it is one of Other
	 * Events.
	 */
	entities: readonly string[];
}

/** The events of Kommo's digital pipeline. Their codes are Kommo's actions. */
export const EVENTS = [
	{
		code: 'status',
		name: 'Stage Changed',
		description: 'A lead moved to another stage',
		output: 'Stage',
		entities: ['leads'],
	},
	{
		code: 'add',
		name: 'Lead Added',
		description: 'A lead was created in a stage that has the webhook',
		output: 'Lead Added',
		entities: ['leads'],
	},
	{
		code: 'mail_in',
		name: 'Incoming Email',
		description: 'A lead or customer sent an email',
		output: 'Email',
		entities: ['leads', 'customers'],
	},
	{
		code: 'call_in',
		name: 'Incoming Call',
		description: 'A lead or customer called',
		output: 'Call',
		entities: ['leads', 'customers'],
	},
	{
		code: 'chat',
		name: 'Incoming Chat Message',
		description:
			'A chat message came in. For its text, use Enrich With: Latest Message, or Kommo Account Trigger.',
		output: 'Chat',
		entities: ['leads', 'customers'],
	},
	{
		code: 'site_visit',
		name: 'Site Visit',
		description: 'A lead or customer visited the site',
		output: 'Site Visit',
		entities: ['leads', 'customers'],
	},
	{
		code: 'period',
		name: 'Period Changed',
		description: "A customer's purchase period changed",
		output: 'Period',
		entities: ['customers'],
	},
] as const satisfies readonly PipelineEventRow[];

export type EventCode = (typeof EVENTS)[number]['code'];
export type EntityCode = (typeof EVENTS)[number]['entities'][number];

/** All that "Trigger On" offers */
export const CHOICES: readonly EventRow[] = [
	...EVENTS,
	{
		code: OTHER,
		name: 'Other Events',
		description:
			'All events that no other choice takes, such as a changed contact. Kommo sends these in its account-wide webhooks.',
		output: 'Other',
	},
];

/** The entities of the digital pipeline, with their names in Kommo's interface */
export const ENTITIES: ReadonlyArray<{ code: EntityCode; name: string }> = [
	{ code: 'leads', name: 'Lead' },
	{ code: 'customers', name: 'Customer' },
];

/** The event's code, as a list; an empty one if the digital pipeline does not send it. */
export function codesOf({ event, entity }: KommoEvent): EventCode[] {
	const rows: ReadonlyArray<PipelineEventRow & { code: EventCode }> = EVENTS;
	return rows
		.filter(({ code, entities }) => code === event && entities.includes(entity))
		.map(({ code }) => code);
}
