import type { KommoEvent } from '../shared/event';

export interface EventRow {
	/** Kommo's action */
	code: string;
	/** Name in "Trigger On" */
	name: string;
	description: string;
	/** Label of the output; the canvas cuts it after about 11 characters while nothing is connected to it */
	output: string;
	/** The entities that Kommo's digital pipeline sends the action of; of others it is an Other event */
	entities: readonly string[];
}

/** The events of Kommo's digital pipeline, in the order of their outputs */
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
		description: 'A lead or customer wrote a chat message',
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
] as const satisfies readonly EventRow[];

export type EventCode = (typeof EVENTS)[number]['code'];
export type EntityCode = (typeof EVENTS)[number]['entities'][number];

/** The output of every event that the table does not have */
export const OTHER_OUTPUT = 'Other';

/** The labels of all outputs, in order */
export const OUTPUTS: readonly string[] = [...EVENTS.map(({ output }) => output), OTHER_OUTPUT];

/** The entities of the digital pipeline, by the name that Kommo's interface gives them */
export const ENTITIES: ReadonlyArray<{ code: EntityCode; name: string }> = [
	{ code: 'leads', name: 'Lead' },
	{ code: 'customers', name: 'Customer' },
];

/** The event's code; nothing for an Other event. */
export function codeOf(event: KommoEvent): EventCode | undefined {
	return findRow(event)?.code;
}

/** The label of the event's output. */
export function outputOf(event: KommoEvent): string {
	return findRow(event)?.output ?? OTHER_OUTPUT;
}

function findRow({ event, entity }: KommoEvent) {
	const rows: ReadonlyArray<EventRow & { code: EventCode }> = EVENTS;
	return rows.find(({ code, entities }) => code === event && entities.includes(entity));
}
