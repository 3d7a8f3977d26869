import type { INodeProperties } from 'n8n-workflow';

import { fromStage, pipeline, toStage } from './stageLocators';

/** The filter by pipeline and stage, for the collection Filters */
export const stageFilter: INodeProperties = {
	displayName: 'Stages',
	name: 'stages',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Stage Rule' },
	placeholder: 'Add Stage Rule',
	default: {},
	description:
		'The stages whose events to receive: the event of a lead passes when one of the rules matches, and an empty field means any. Events without a stage always pass, such as those of customers.',
	options: [
		{
			displayName: 'Rule',
			name: 'rules',
			values: [pipeline, fromStage, toStage],
		},
	],
};
