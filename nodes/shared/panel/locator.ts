import type { INodeProperties } from 'n8n-workflow';

interface Locator {
	displayName: string;
	name: string;
	description: string;
	/** The node's method that gives the list */
	searchListMethod: string;
	sampleId: string;
	/** What the list shows while nothing is chosen */
	placeholder: string;
	/** When one of these parameters changes, the editor clears the choice */
	dependsOn?: string[];
	required?: boolean;
	displayOptions?: INodeProperties['displayOptions'];
}

/** A record, chosen by name or by id. Only the choice by name needs access to Kommo. */
export function locator({
	searchListMethod,
	sampleId,
	placeholder,
	dependsOn = [],
	...property
}: Locator): INodeProperties {
	return {
		...property,
		type: 'resourceLocator',
		typeOptions: { loadOptionsDependsOn: dependsOn },
		default: { mode: 'list', value: '' },
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder,
				typeOptions: { searchListMethod, searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: `e.g. ${sampleId}`,
				validation: [
					{
						type: 'regex',
						properties: { regex: '\\d*', errorMessage: `An ID is a number, such as ${sampleId}` },
					},
				],
			},
		],
	};
}
