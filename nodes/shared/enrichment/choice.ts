import { toList } from '../events/list';

/** In ms. Kommo waits 2 seconds, and n8n needs part of that time to record the execution. */
export const ENRICHMENT_TIME_LIMIT = { min: 100, max: 1900, standard: 1500 };

/** What events can be enriched with, in the order of the panel */
export const ENRICHMENTS = [
	{
		value: 'message',
		name: 'Latest Message',
		description: 'Add the newest message to chat events, as <code>message</code>',
	},
	{
		value: 'contact',
		name: 'Main Contact',
		description: 'Add the contact, as <code>contact</code>',
	},
	{
		value: 'names',
		name: 'Names of Pipeline and Stage',
		description: 'Add <code>pipeline_name</code> and <code>status_name</code> to leads',
	},
	{
		value: 'record',
		name: 'Record',
		description: 'Add the record with all its fields, as <code>record</code>',
	},
	{
		value: 'responsibleUser',
		name: 'Responsible User',
		description: 'Add the user who is responsible, as <code>responsible_user</code>',
	},
] as const;

export type Enrichment = (typeof ENRICHMENTS)[number]['value'];

/** The enrichments that a parameter names, each once. Unknown names are left out. */
export function readEnrichments(parameter: unknown): Enrichment[] {
	return [...new Set(toList(parameter).filter(isEnrichment))];
}

function isEnrichment(name: string): name is Enrichment {
	return ENRICHMENTS.some(({ value }) => value === name);
}
