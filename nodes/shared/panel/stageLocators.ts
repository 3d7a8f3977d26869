import { locator } from './locator';

const ANY = 'Any';

const STAGES = {
	searchListMethod: 'searchStages',
	sampleId: '16203337',
	placeholder: ANY,
	/** The stages belong to the old pipeline. */
	dependsOn: ['&pipeline.value'],
};

export const pipeline = locator({
	displayName: 'Pipeline',
	name: 'pipeline',
	description:
		'The pipeline that the stages below belong to. If no stage is chosen, the pipeline that the lead is in now.',
	searchListMethod: 'searchPipelines',
	sampleId: '752662',
	placeholder: ANY,
});

export const fromStage = locator({
	displayName: 'From Stage',
	name: 'from',
	description:
		'The stage that the lead comes from. Only Stage Changed events have one, so a rule with a From Stage matches no chat, call or other event.',
	...STAGES,
});

export const toStage = locator({
	displayName: 'To Stage',
	name: 'to',
	description: 'The stage that the lead is in now',
	...STAGES,
});
