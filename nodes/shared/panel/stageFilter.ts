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
		'The stages whose events to receive. An event passes if at least one rule matches; an empty field matches everything. Events without a stage, such as those of customers, always pass.',
	options: [
		{
			displayName: 'Rule',
			name: 'rules',
			values: [pipeline, fromStage, toStage],
		},
	],
};
