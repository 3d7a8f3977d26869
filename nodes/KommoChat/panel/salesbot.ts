import type { INodeProperties } from 'n8n-workflow';

import { locator } from '../../shared/panel/locator';
import { shownFor, type OperationOption } from './shown';
import { entityParameters, entityType } from './target';

export const salesbotOperations: OperationOption[] = [
	{
		name: 'Run',
		value: 'run',
		description:
			'Let a Salesbot write to the customer, on other plans too. It can send a text from a field.',
		action: 'Run a Salesbot',
	},
	{
		name: 'Stop',
		value: 'stop',
		description: 'Stop a Salesbot that runs for a lead or contact',
		action: 'Stop a Salesbot',
	},
];

const both = shownFor('salesbot', 'run', 'stop');
const run = shownFor('salesbot', 'run');

export const salesbotParameters: INodeProperties[] = [
	locator({
		displayName: 'Salesbot',
		name: 'bot',
		description: 'The Salesbot to run or stop',
		searchListMethod: 'searchSalesbots',
		sampleId: '36143',
		placeholder: 'Select a Salesbot...',
		displayOptions: both,
	}),
	...entityParameters(both),
	entityType(both),
	locator({
		displayName: 'Field',
		name: 'field',
		description:
			'A text field of the lead or contact. Text is written to it before the Salesbot runs. Use the same field in the message of the Salesbot. To only run the Salesbot, leave this and Text empty.',
		searchListMethod: 'searchTextFields',
		sampleId: '805471',
		placeholder: 'None, write no text',
		dependsOn: ['entityType'],
		displayOptions: run,
	}),
	{
		displayName:
			'Kommo runs the Salesbot some seconds later. If you send two texts in a row to one lead, the customer gets the second one twice: send one text for each turn of the customer.',
		name: 'laterNotice',
		type: 'notice',
		default: '',
		displayOptions: run,
	},
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '',
		placeholder: 'e.g. Thank you, we will call you today.',
		description: 'What is written to the field before the Salesbot runs',
		displayOptions: run,
	},
];
