import type { INodeProperties } from 'n8n-workflow';

/** The collection Filters of a trigger */
export function makeFilters(...options: INodeProperties[]): INodeProperties {
	return collection('Filters', 'filters', 'Add Filter', options);
}

/**
 * A property that the panel does not show, and that keeps a collection as it is written. From a collection,
 * n8n takes away what its fields cannot hold, before the node sees it, so a mistake in a workflow that a person
 * or an AI wrote would count as nothing: filters would let every event pass (seen in n8n 1.123 and 2.41). It must
 * stand behind the collection, whose name it has.
 */
export function asWritten({
	displayName,
	name,
	default: value,
	displayOptions,
}: INodeProperties): INodeProperties {
	const hidden: INodeProperties = { displayName, name, type: 'hidden', default: value };
	return displayOptions ? { ...hidden, displayOptions } : hidden;
}

/** The collection Options of a trigger */
export function makeOptions(...entries: INodeProperties[]): INodeProperties {
	return collection('Options', 'options', 'Add Option', entries);
}

function collection(
	displayName: string,
	name: string,
	placeholder: string,
	options: INodeProperties[],
): INodeProperties {
	return { displayName, name, type: 'collection', placeholder, default: {}, options };
}
