import type { Json } from './tree';

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

export interface CatalogueEntry {
	/** Kommo's action */
	code: string;
	/** Name in "Trigger On" */
	name: string;
	description: string;
	/** Label of the output; the canvas cuts it after about 11 characters while nothing is connected to it */
	output: string;
	/** The entities that Kommo's digital pipeline sends the action of; of others it is an Other event. One more would move its events. */
	entities: readonly string[];
	/** The version of the node that brought it, when not the first; in older ones it is an Other event */
	since?: number;
}

/**
 * The events of Kommo's digital pipeline, in the order of their outputs. Wires belong to an output's
 * index: nothing here may be moved or taken away once it is released, and a new event goes to the
 * end, with a new version of the node as its `since` (CONTRIBUTING.md, "Add an event").
 */
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
] as const satisfies readonly CatalogueEntry[];

export type EventCode = (typeof EVENTS)[number]['code'];
export type EntityCode = (typeof EVENTS)[number]['entities'][number];

/** The output of every event that the catalogue does not have, behind those of the first version */
export const OTHER_OUTPUT = 'Other';

/** The entities of the digital pipeline, by the name that Kommo's interface gives them */
export const ENTITIES: ReadonlyArray<{ code: EntityCode; name: string }> = [
	{ code: 'leads', name: 'Lead' },
	{ code: 'customers', name: 'Customer' },
];
