import type { INodeProperties } from 'n8n-workflow';

/** The collection Filters of a trigger */
export function makeFilters(...options: INodeProperties[]): INodeProperties {
	return collection('Filters', 'filters', 'Add Filter', options);
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
