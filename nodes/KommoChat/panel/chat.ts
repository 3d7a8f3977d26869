import type { INodeProperties } from 'n8n-workflow';

import { asWritten } from '../../shared/panel/collections';
import { locator } from '../../shared/panel/locator';
import { shownFor, type OperationOption } from './shown';
import { BEHIND_AGENT, talkParameters } from './target';

export const chatOperations: OperationOption[] = [
	{
		name: 'Close',
		value: 'closeTalk',
		description: 'Close a talk, e.g. when everything is said',
		action: 'Close a talk when everything is said',
	},
	{
		name: 'Download Attachment',
		value: 'downloadAttachment',
		description: 'Get the pictures, voice messages and files of a message as binary data',
		action: 'Download the attachments of a message',
	},
	{
		name: 'Get Messages',
		value: 'getMessages',
		description: 'Read the latest messages of a chat. It needs the scope External chat history.',
		action: 'Get the latest messages of a chat',
	},
	{
		name: 'Get Unanswered Messages',
		value: 'getUnanswered',
		description:
			'Wait until the customer is silent, then get what is unanswered. It needs the scope External chat history.',
		action: 'Get unanswered messages',
	},
	{
		name: 'Send Message',
		value: 'sendMessage',
		description:
			'Write to the customer. It needs the scope Sending to external chats, and Trial, Pro or Enterprise.',
		action: 'Send a message to a customer',
	},
];

const unanswered = shownFor('chat', 'getUnanswered');
const send = shownFor('chat', 'sendMessage');

const quietTime: INodeProperties = {
	displayName: 'Quiet Time (Seconds)',
	name: 'quietTime',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 60 },
	default: 8,
	description:
		'How long the customer must be silent after a message. Messages that come in this time are answered together.',
	displayOptions: unanswered,
};

const leaveAlone: INodeProperties = {
	displayName: 'Leave Alone',
	name: 'leaveAlone',
	type: 'collection',
	placeholder: 'Add Sign',
	default: {},
	description: 'The signs on a lead that a person has taken over',
	displayOptions: unanswered,
	options: [
		locator({
			displayName: 'Field',
			name: 'field',
			description: 'A checkbox field of leads. If it is ticked, the customer is left alone.',
			searchListMethod: 'searchCheckboxFields',
			sampleId: '805475',
			placeholder: 'Select a field...',
		}),
		{
			displayName: 'Stages',
			name: 'stages',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Stage' },
			placeholder: 'Add Stage',
			default: {},
			description: 'If the lead is in one of these stages, the customer is left alone',
			options: [
				{
					displayName: 'Stage',
					name: 'rules',
					values: [
						locator({
							displayName: 'Pipeline',
							name: 'pipeline',
							description:
								'The pipeline of the stage. If no stage is chosen, all stages of the pipeline count.',
							searchListMethod: 'searchPipelines',
							sampleId: '752662',
							placeholder: 'Any',
						}),
						locator({
							displayName: 'Stage',
							name: 'stage',
							description: 'The stage in which a person talks to the customer',
							searchListMethod: 'searchStages',
							sampleId: '16203337',
							placeholder: 'Any',
							dependsOn: ['&pipeline.value'],
						}),
					],
				},
			],
		},
	],
};

const unansweredOptions: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	displayOptions: unanswered,
	options: [
		{
			displayName: 'History',
			name: 'history',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 20,
			description: 'How many earlier messages of the last day to give in the field history',
		},
	],
};

const text: INodeProperties = {
	displayName: 'Text',
	name: 'text',
	type: 'string',
	typeOptions: { rows: 3 },
	default: '',
	placeholder: 'e.g. Thank you, we will call you today.',
	description: 'The message to the customer. Behind an AI Agent, drag its output here.',
	displayOptions: send,
};

const onlyIfNewest: INodeProperties = {
	displayName: 'Only If Newest',
	name: 'onlyIfNewest',
	type: 'string',
	default: '',
	placeholder: 'e.g. e9c11d5e-94c1-4e2a-8d5a-000000000001',
	description: `The ID of a message. If anybody has written after it, e.g. a colleague while the AI was thinking, nothing is sent, and the item leaves on the output Left Alone. Empty: always send. ${BEHIND_AGENT('newest_message_id')}`,
	displayOptions: send,
};

const sendOptions: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	displayOptions: send,
	options: [
		{
			displayName: 'Attachment',
			name: 'attachment',
			type: 'string',
			default: 'data',
			placeholder: 'e.g. data',
			description:
				'The name of the binary field with a picture, video or file to send. The integration needs the scope Access to files.',
		},
	],
};

const limit: INodeProperties = {
	displayName: 'Limit',
	name: 'limit',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 50,
	description: 'Max number of results to return',
	displayOptions: shownFor('chat', 'getMessages'),
};

const link: INodeProperties = {
	displayName: 'Link',
	name: 'link',
	type: 'string',
	default: '',
	placeholder: 'e.g. {{ $json.attachment.link }}',
	description: 'The link of an attachment at Kommo. Empty: all attachments of the item.',
	displayOptions: shownFor('chat', 'downloadAttachment'),
};

const forceClose: INodeProperties = {
	displayName: 'Force Close',
	name: 'forceClose',
	type: 'boolean',
	default: false,
	description: 'Whether to close the talk without asking the customer to rate the conversation',
	displayOptions: shownFor('chat', 'closeTalk'),
};

export const chatParameters: INodeProperties[] = [
	...talkParameters(shownFor('chat', 'getUnanswered', 'sendMessage', 'getMessages', 'closeTalk')),
	quietTime,
	leaveAlone,
	asWritten(leaveAlone),
	unansweredOptions,
	text,
	onlyIfNewest,
	sendOptions,
	limit,
	link,
	forceClose,
];
