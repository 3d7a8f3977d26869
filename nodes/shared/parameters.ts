import {
	NodeOperationError,
	type IHookFunctions,
	type INodeProperties,
	type IPollFunctions,
	type IWebhookFunctions,
} from 'n8n-workflow';

import { isMap } from './events/json';
import { toList } from './events/list';
import { ENRICHMENT_TIME_LIMIT, readEnrichments, type Enrichment } from './enrichment/choice';
import type { OutputParameters } from './routing/outputs';
import { findUnreadable, type Filters } from './routing/selection';

interface Options {
	includeRawBody?: boolean;
	enrich: Enrichment[];
	/** In ms */
	enrichmentTimeLimit: number;
}

/** What the user chose. An expression may give a text in place of a list, or nothing at all. */
export function readParameters(context: IWebhookFunctions | IPollFunctions): {
	outputs: OutputParameters;
	filters: Filters;
	options: Options;
} {
	const options = (context.getNodeParameter('options', {}) ?? {}) as Partial<
		Record<keyof Options, unknown>
	>;
	const filters = context.getNodeParameter('filters', {}) as Filters;
	const unreadable = findUnreadable(filters);
	if (unreadable.length > 0) {
		context.logger.warn(
			`${context.getNode().name}: the filter ${unreadable.join(' and ')} has a value that cannot be read, so it lets no event pass. Correct it in the node, under Filters.`,
		);
	}
	return {
		outputs: {
			events: toList(context.getNodeParameter('events', [])),
			outputMode: context.getNodeParameter('outputMode') === 'single' ? 'single' : 'perEvent',
		},
		filters,
		options: {
			includeRawBody: options.includeRawBody === true,
			enrich: readEnrichments(options.enrich),
			enrichmentTimeLimit: toTimeLimit(options.enrichmentTimeLimit),
		},
	};
}

/**
 * Refuses an expression in a parameter that takes none. The editor does not offer one, but n8n's public API
 * and an import let it through (seen in n8n 1.123 and 2.41).
 *
 * @param properties the node's properties
 * @throws NodeOperationError
 */
export function checkChoices(
	context: IHookFunctions | IPollFunctions,
	properties: readonly INodeProperties[],
): void {
	const node = context.getNode();
	for (const property of properties) {
		const value = node.parameters[property.name];
		const isClosed = property.noDataExpression || property.type === 'collection';
		if (!isClosed || value === undefined || isChoice(value, property)) continue;
		throw new NodeOperationError(
			node,
			`${property.displayName} takes no expression. Open it in the editor, ${HOW_TO_SET[property.type] ?? 'choose a value from its list'}, then publish the workflow again.`,
		);
	}
}

const HOW_TO_SET: Partial<Record<INodeProperties['type'], string>> = {
	multiOptions: 'choose values from its list',
	collection: 'add its fields',
};

/** An unknown value in a list is no error: it may come from a newer version of the node. */
function isChoice(value: unknown, { type, options = [] }: INodeProperties): boolean {
	if (type === 'collection') return isMap(value);
	if (type === 'multiOptions') {
		return Array.isArray(value) && value.every((each) => /^(?![={])/.test(String(each)));
	}
	return options.some((option) => 'value' in option && option.value === value);
}

function toTimeLimit(value: unknown): number {
	const { min, max, standard } = ENRICHMENT_TIME_LIMIT;
	return Math.min(Math.max(Number(value) || standard, min), max);
}
