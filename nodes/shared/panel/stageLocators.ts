import type { INodeProperties } from 'n8n-workflow';

/** When the pipeline changes, the editor clears the stages, because they belong to the old pipeline. */
const DEPENDS_ON_PIPELINE = ['&pipeline.value'];

export const pipeline = locator(
	'Pipeline',
	'pipeline',
	'searchPipelines',
	'752662',
	'The pipeline that the stages below belong to. If no stage is chosen, the pipeline that the lead is in now.',
);

export const fromStage = locator(
	'From Stage',
	'from',
	'searchStages',
	'16203337',
	'The stage that the lead comes from. Only Stage Changed events have one, so a rule with a From Stage matches no chat, call or other event.',
	DEPENDS_ON_PIPELINE,
);

export const toStage = locator(
	'To Stage',
	'to',
	'searchStages',
	'16203337',
	'The stage that the lead is in now',
	DEPENDS_ON_PIPELINE,
);

/** A choice by name, for which the node needs access to Kommo, or by id, for which it does not. */
function locator(
	displayName: string,
	name: string,
	searchListMethod: string,
	sampleId: string,
	description: string,
	loadOptionsDependsOn: string[] = [],
): INodeProperties {
	return {
		displayName,
		name,
		type: 'resourceLocator',
		typeOptions: { loadOptionsDependsOn },
		default: { mode: 'list', value: '' },
		description,
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Any',
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
