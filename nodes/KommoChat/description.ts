import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { requiredAccess } from '../shared/panel/access';
import { callOf } from '../../credentials/expression';
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
			'Write to the customer. It needs the scope Sending to external chats, and Trial, Pro or Enterprise.',
		action: 'Send a message in a chat',
	},
	{
		name: 'Run Salesbot',
		value: 'runSalesbot',
		description:
			'Let a Salesbot write to the customer, on other plans too. It can send a text from a field.',
		action: 'Run a Salesbot',
	},
	{
		name: 'Get Messages',
		value: 'getMessages',
		description:
			'Read the latest messages of a chat, e.g. for an AI. It needs the scope External chat history.',
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
	description:
		'The ID of the lead or contact that the Salesbot runs for. The messages that the Kommo Account Trigger gives have it as entity_id and contact_id.',
	displayOptions: shownFor('runSalesbot'),
};

/** The default of Entity ID is the lead, and a contact of the same number may be somebody else. */
const contactNotice: INodeProperties = {
	displayName:
		'The default of Entity ID is the lead of a message. For its contact, set Entity ID to {{ $json.contact_id }}.',
	name: 'contactNotice',
	type: 'notice',
	default: '',
	displayOptions: { show: { operation: ['runSalesbot'], entityType: ['contacts'] } },
};

const field = locator({
	displayName: 'Field',
	name: 'field',
	description:
		'A text field of the lead or contact, to which a text is written before the Salesbot runs. Use the same field in the message of the Salesbot. To only run the Salesbot, leave this and Text empty.',
	searchListMethod: 'searchTextFields',
	sampleId: '805471',
	placeholder: 'None, write no text',
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
	description: 'What is written to the field before the Salesbot runs',
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
		'Lets the node use the chats of Kommo. In Kommo, the integration needs the scope Sending to external chats to send messages, and External chat history to get them.',
	),
	operation,
	talkId,
	message,
	bot,
	entityType,
	contactNotice,
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
