import { toList } from '../list';

const ENRICHMENTS = ['names', 'record', 'contact', 'responsibleUser', 'message'] as const;

export type Enrichment = (typeof ENRICHMENTS)[number];

/** The enrichments that a parameter names, each once, without those that do not exist. */
export function readEnrichments(parameter: unknown): Enrichment[] {
	return [...new Set(toList(parameter).filter(isEnrichment))];
}

function isEnrichment(name: string): name is Enrichment {
	return ENRICHMENTS.some((enrichment) => enrichment === name);
}
