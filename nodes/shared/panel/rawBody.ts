import type { INodeProperties } from 'n8n-workflow';

/** For the collection Options of a webhook trigger */
export const includeRawBody: INodeProperties = {
	displayName: 'Include Raw Body',
	name: 'includeRawBody',
	type: 'boolean',
	default: true,
	description:
		'Whether to add the request body as text to each item, in the field <code>raw_body</code>',
};
