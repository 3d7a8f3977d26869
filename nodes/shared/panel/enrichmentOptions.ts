import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { ENRICHMENT_TIME_LIMIT } from '../enrichment/choice';

const { min, max, standard } = ENRICHMENT_TIME_LIMIT;

/** For triggers whose chat events lack the text */
export const LATEST_MESSAGE: INodePropertyOptions = {
	name: 'Latest Message',
	value: 'message',
	description: 'Add the newest message to chat events, as <code>message</code>',
};

const ENRICH_WITH =
	"What to get from Kommo's API about the record that an event is about. It needs access to Kommo. What cannot be had in time is missing, and the field <code>enrichment_error</code> says why.";

/**
 * What to add to events from Kommo's API, for the collection Options
 *
 * @param more choices that not every trigger has
 */
export const enrichWith = (...more: INodePropertyOptions[]): INodeProperties => ({
	displayName: 'Enrich With',
	name: 'enrich',
	type: 'multiOptions',
	options: [
		...more,
		{
			name: 'Main Contact',
			value: 'contact',
			description: 'Add the contact, as <code>contact</code>',
		},
		{
			name: 'Names of Pipeline and Stage',
			value: 'names',
			description: 'Add <code>pipeline_name</code> and <code>status_name</code> to leads',
		},
		{
			name: 'Record',
			value: 'record',
			description: 'Add the lead with all its fields, as <code>record</code>',
		},
		{
			name: 'Responsible User',
			value: 'responsibleUser',
			description: 'Add the user who is responsible, as <code>responsible_user</code>',
		},
	],
	default: [],
	description:
		more.length > 0
			? `${ENRICH_WITH} Latest Message needs the scope External chat history, and the plan Trial, Pro or Enterprise.`
			: ENRICH_WITH,
});

/** The same for a webhook trigger, whose answer Kommo waits for */
export const enrichmentOptions = (...more: INodePropertyOptions[]): INodeProperties[] => [
	enrichWith(...more),
	{
		displayName: 'Enrichment Time Limit (Ms)',
		name: 'enrichmentTimeLimit',
		type: 'number',
		typeOptions: { minValue: min, maxValue: max },
		default: standard,
		description:
			'How long to wait for the API before the events leave as they are, in milliseconds. Kommo waits 2 seconds for an answer.',
	},
];
