import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { requiredAccess } from '../shared/panel/access';
import { callOf } from '../shared/panel/expression';
import { locator } from '../shared/panel/locator';

export type OperationName = 'sendMessage' | 'runSalesbot' | 'getMessages';

interface OperationOption extends INodePropertyOptions {
	value: OperationName;
}

const OPERATIONS: OperationOption[] = [
	{
		name: 'Send Message',
		value: 'sendMessage',
		description:
			'Write to the customer in a chat. Kommo allows this on the plans Trial, Pro and Enterprise, for a number of messages a month.',
		action: 'Send a message in a chat',
	},
	{
		name: 'Run Salesbot',
		value: 'runSalesbot',
		description:
			'Run a Salesbot for a lead or contact, which can send a text from a field. It sends on other plans too.',
		action: 'Run a salesbot',
	},
	{
		name: 'Get Messages',
		value: 'getMessages',
		description: 'Read the latest messages of a chat, for example to give them to an AI',
		action: 'Get the messages of a chat',
	},
];

const shownFor = (...operation: OperationName[]) => ({ show: { operation } });

const operation: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	options: OPERATIONS,
	default: 'sendMessage',
};

const talkId: INodeProperties = {
	displayName: 'Talk ID',
	name: 'talkId',
	type: 'string',
	required: true,
	default: '={{ $json.talk_id }}',
	placeholder: 'e.g. 1234',
	description:
		'The conversation in Kommo. The messages that the Kommo Account Trigger gives have it as talk_id.',
	displayOptions: shownFor('sendMessage', 'getMessages'),
};

const message: INodeProperties = {
	displayName: 'Text',
	name: 'text',
	type: 'string',
	typeOptions: { rows: 3 },
	required: true,
	default: '',
	placeholder: 'e.g. Thank you, we will call you today.',
	description: 'The message to the customer',
	displayOptions: shownFor('sendMessage'),
};

const bot = locator({
	displayName: 'Salesbot',
	name: 'bot',
	description: 'The Salesbot to run',
	searchListMethod: 'searchSalesbots',
	sampleId: '36143',
	placeholder: 'Select a Salesbot...',
	required: true,
	displayOptions: shownFor('runSalesbot'),
});

const entityType: INodeProperties = {
	displayName: 'Entity Type',
	name: 'entityType',
	type: 'options',
	options: [
		{ name: 'Contact', value: 'contacts' },
		{ name: 'Lead', value: 'leads' },
	],
	default: 'leads',
	description: 'What the Salesbot runs for',
	displayOptions: shownFor('runSalesbot'),
};

const entityId: INodeProperties = {
	displayName: 'Entity ID',
	name: 'entityId',
	type: 'string',
	required: true,
	default: '={{ $json.entity_id }}',
	placeholder: 'e.g. 4831596',
	description: 'The ID of the lead or contact that the Salesbot runs for',
	displayOptions: shownFor('runSalesbot'),
};

const field = locator({
	displayName: 'Field',
	name: 'field',
	description:
		'A text field of the lead or contact, to which the text is written before the Salesbot runs. Use the same field in the message of the Salesbot. Leave it empty to only run the Salesbot.',
	searchListMethod: 'searchTextFields',
	sampleId: '805471',
	placeholder: 'None',
	dependsOn: ['entityType'],
	displayOptions: shownFor('runSalesbot'),
});

const fieldText: INodeProperties = {
	displayName: 'Text',
	name: 'text',
	type: 'string',
	typeOptions: { rows: 3 },
	default: '',
	placeholder: 'e.g. Thank you, we will call you today.',
	description: 'What is written to the field. Without a field it is not used.',
	displayOptions: shownFor('runSalesbot'),
};

const limit: INodeProperties = {
	displayName: 'Limit',
	name: 'limit',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 50,
	description: 'Max number of results to return',
	displayOptions: shownFor('getMessages'),
};

/** The node's parameters, in the order in which n8n's panel shows them. */
export const properties: INodeProperties[] = [
	...requiredAccess(
		'Lets the node use the chats of Kommo. Allow the integration in Kommo the scope Sending to external chats to send messages, and External chat history to get them.',
	),
	operation,
	talkId,
	message,
	bot,
	entityType,
	entityId,
	field,
	fieldText,
	limit,
];

/** The parameter as the panel names it */
export function labelOf(parameter: string): string {
	return properties.find(({ name }) => name === parameter)?.displayName ?? parameter;
}

const nameOf = ({ operation }: { operation?: string }, names: Record<string, string>) =>
	names[operation ?? ''] ?? '';

/** What the canvas shows below the node's name */
export const subtitle = `={{ ${callOf(
	nameOf,
	'$parameter',
	Object.fromEntries(OPERATIONS.map(({ name, value }) => [value, name])),
)} }}`;
