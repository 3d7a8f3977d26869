import type { IPollFunctions, IWebhookFunctions } from 'n8n-workflow';

import { toList } from './events/list';
import { ENRICHMENT_TIME_LIMIT, readEnrichments, type Enrichment } from './enrichment/choice';
import type { OutputParameters } from './routing/outputs';
import type { Filters } from './routing/selection';

interface Options {
	includeRawBody?: boolean;
	enrich: Enrichment[];
	/** In ms */
	enrichmentTimeLimit: number;
}

/** What the user chose, also when an expression gives a text in place of a list, or nothing at all. */
export function readParameters(context: IWebhookFunctions | IPollFunctions): {
	outputs: OutputParameters;
	filters: Filters;
	options: Options;
} {
	const read = <T>(name: string) => (context.getNodeParameter(name, {}) ?? {}) as Partial<T>;
	const options = read<Record<keyof Options, unknown>>('options');
	return {
		outputs: {
			events: toList(context.getNodeParameter('events', [])),
			outputMode: context.getNodeParameter('outputMode') === 'single' ? 'single' : 'perEvent',
		},
		filters: read<Filters>('filters'),
		options: {
			includeRawBody: options.includeRawBody === true,
			enrich: readEnrichments(options.enrich),
			enrichmentTimeLimit: toTimeLimit(options.enrichmentTimeLimit),
		},
	};
}

function toTimeLimit(value: unknown): number {
	const { min, max, standard } = ENRICHMENT_TIME_LIMIT;
	return Math.min(Math.max(Number(value) || standard, min), max);
}
