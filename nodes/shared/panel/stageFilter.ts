import type { INodeProperties } from 'n8n-workflow';

import { locator } from './locator';

const ANY = 'Any';

const STAGES = {
	searchListMethod: 'searchStages',
	sampleId: '16203337',
	placeholder: ANY,
	// The list follows the pipeline by itself. With `dependsOn`, the editor would clear a chosen stage when the
	// pipeline changes, and a rule without a stage takes leads in any stage.
};

const pipeline = locator({
	displayName: 'Pipeline',
	name: 'pipeline',
	description:
		'The pipeline that the stages below belong to. If no stage is chosen, the lead must be in this pipeline now.',
	searchListMethod: 'searchPipelines',
	sampleId: '752662',
	placeholder: ANY,
});

const fromStage = locator({
	displayName: 'From Stage',
	name: 'from',
	description:
		'The stage that the lead comes from. Only Stage Changed events have one, so a rule with a From Stage matches no chat, call or other event.',
	...STAGES,
});

const toStage = locator({
	displayName: 'To Stage',
	name: 'to',
	description: 'The stage that the lead is in now',
	...STAGES,
});

/** The filter by pipeline and stage, for the collection Filters */
export const stageFilter: INodeProperties = {
	displayName: 'Stages',
	name: 'stages',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Stage Rule' },
	placeholder: 'Add Stage Rule',
	default: {},
	description:
		'The stages whose events to receive. All events of leads in other stages are left out: stage changes, and chats, calls and emails too. An event passes if at least one rule matches; an empty field matches everything. Events without a stage always pass.',
	options: [
		{
			displayName: 'Rule',
			name: 'rules',
			values: [pipeline, fromStage, toStage],
		},
	],
};
