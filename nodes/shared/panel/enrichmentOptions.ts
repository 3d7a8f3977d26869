import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { ENRICHMENT_TIME_LIMIT, ENRICHMENTS } from '../enrichment/choice';

const { min, max, standard } = ENRICHMENT_TIME_LIMIT;

const ENRICH_WITH =
	"What to get from Kommo's API about the record that an event is about. It needs access to Kommo. What does not arrive in time is missing, and the field <code>enrichment_error</code> says why.";

/** The choices for a trigger whose chat events already have the text */
export const WITHOUT_MESSAGE = ENRICHMENTS.filter(({ value }) => value !== 'message');

/** What to add to events from Kommo's API, for the collection Options */
export const enrichWith = (
	choices: readonly INodePropertyOptions[] = ENRICHMENTS,
): INodeProperties => ({
	displayName: 'Enrich With',
	name: 'enrich',
	type: 'multiOptions',
	options: [...choices],
	default: [],
	description:
		choices === ENRICHMENTS
			? `${ENRICH_WITH} Latest Message needs the scope External chat history, and the plan Trial, Pro or Enterprise.`
			: ENRICH_WITH,
});

/** Enrich With and its time limit, for a webhook trigger: Kommo waits for the trigger's answer */
export const enrichmentOptions = (choices?: readonly INodePropertyOptions[]): INodeProperties[] => [
	enrichWith(choices),
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
