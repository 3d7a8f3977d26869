import { toList } from '../events/list';

/** In ms. Kommo waits 2 seconds, and n8n needs some of them to record the execution. */
export const ENRICHMENT_TIME_LIMIT = { min: 100, max: 1900, standard: 1500 };

const ENRICHMENTS = ['names', 'record', 'contact', 'responsibleUser', 'message'] as const;

export type Enrichment = (typeof ENRICHMENTS)[number];

/** The enrichments that a parameter names, each once, without those that do not exist. */
export function readEnrichments(parameter: unknown): Enrichment[] {
	return [...new Set(toList(parameter).filter(isEnrichment))];
}

function isEnrichment(name: string): name is Enrichment {
	return ENRICHMENTS.some((enrichment) => enrichment === name);
}
