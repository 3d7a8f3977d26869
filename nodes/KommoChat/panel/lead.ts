import type { INodeProperties } from 'n8n-workflow';

import { locator } from '../../shared/panel/locator';
import { shownFor, type OperationOption } from './shown';
import { entityParameters } from './target';

export const leadOperations: OperationOption[] = [
	{
		name: 'Hand Over',
		value: 'handOver',
		description:
			'Give a lead to a person: move it, tick a field, change its responsible user, and create a task',
		// When the node is a tool, a model decides by this text.
		action: 'Hand over a customer who asks for or needs a person',
	},
];

const shown = shownFor('lead', 'handOver');

export const leadParameters: INodeProperties[] = [
	...entityParameters(shown),
	locator({
		displayName: 'Pipeline',
		name: 'pipeline',
		description: 'The pipeline of the stage to which the lead is moved',
		searchListMethod: 'searchPipelines',
		sampleId: '752662',
		placeholder: 'None, do not move the lead',
		displayOptions: shown,
	}),
	locator({
		displayName: 'Stage',
		name: 'stage',
		description:
			'The stage to which the lead is moved. Kommo refuses the stage of incoming leads. Choose it in Leave Alone of Get Unanswered Messages, too.',
		searchListMethod: 'searchStages',
		sampleId: '16203337',
		placeholder: 'None, do not move the lead',
		dependsOn: ['pipeline.value'],
		displayOptions: shown,
	}),
	locator({
		displayName: 'Field',
		name: 'field',
		description:
			'The checkbox field of leads to tick. Choose it in Leave Alone of Get Unanswered Messages, too.',
		searchListMethod: 'searchCheckboxFields',
		sampleId: '805475',
		placeholder: 'None, tick no field',
		displayOptions: shown,
	}),
	locator({
		displayName: 'Responsible User',
		name: 'responsibleUser',
		description: 'The person who gets the lead and the task',
		searchListMethod: 'searchUsers',
		sampleId: '938300',
		placeholder: 'None, keep the current user',
		displayOptions: shown,
	}),
	{
		displayName: 'Task',
		name: 'task',
		type: 'string',
		typeOptions: { rows: 2 },
		default: '',
		placeholder: 'e.g. Call the customer back',
		description: 'The text of a task for the person. Empty: no task.',
		displayOptions: shown,
	},
	{
		displayName: 'Due In (Minutes)',
		name: 'dueIn',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 15,
		description: 'In how many minutes the task is due',
		displayOptions: { ...shown, hide: { task: [''] } },
	},
];
