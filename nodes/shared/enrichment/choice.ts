const ENRICHMENTS = ['names', 'record', 'contact', 'responsibleUser'] as const;

export type Enrichment = (typeof ENRICHMENTS)[number];

/**
 * The enrichments that a parameter names, without those that do not exist.
 *
 * @param parameter a list; or what an expression makes of it, such as `names,record` or null
 */
export function readEnrichments(parameter: unknown): Enrichment[] {
	const names: unknown = typeof parameter === 'string' ? parameter.split(/[\s,]+/) : parameter;
	return Array.isArray(names) ? [...new Set(names.filter(isEnrichment))] : [];
}

function isEnrichment(name: unknown): name is Enrichment {
	return ENRICHMENTS.some((enrichment) => enrichment === name);
}
