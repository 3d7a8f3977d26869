import type { INodeProperties } from 'n8n-workflow';

import { callOf } from '../../credentials/expression';
import { requiredAccess } from '../shared/panel/access';
import { chatOperations, chatParameters } from './panel/chat';
import { leadOperations, leadParameters } from './panel/lead';
import { salesbotOperations, salesbotParameters } from './panel/salesbot';
import type { OperationName, OperationOption, Resource } from './panel/shown';

export type { OperationName, Resource } from './panel/shown';

const resource: INodeProperties = {
	displayName: 'Resource',
	name: 'resource',
	type: 'options',
	noDataExpression: true,
	options: [
		{ name: 'Chat', value: 'chat' },
		{ name: 'Lead', value: 'lead' },
		{ name: 'Salesbot', value: 'salesbot' },
	] satisfies Array<{ name: string; value: Resource }>,
	default: 'chat',
};

/**
 * n8n describes a tool by the operation's `action`. It finds that only if the operation is shown for a
 * resource.
 */
const operationOf = (
	resource: Resource,
	options: OperationOption[],
	standard: OperationName,
): INodeProperties => ({
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: [resource] } },
	options,
	default: standard,
});

/** The node's parameters, in the order in which n8n's panel shows them. */
export const properties: INodeProperties[] = [
	...requiredAccess(
		'Lets the node use the chats of Kommo. In Kommo, the integration needs the scope Sending to external chats to send messages, External chat history to get them, and Access to files to send attachments.',
	),
	resource,
	operationOf('chat', chatOperations, 'sendMessage'),
	operationOf('lead', leadOperations, 'handOver'),
	operationOf('salesbot', salesbotOperations, 'run'),
	...chatParameters,
	...leadParameters,
	...salesbotParameters,
];

/** The parameter's label in the panel */
export function labelOf(operation: OperationName, parameter: string): string {
	const found = properties.find(
		({ name, displayOptions }) =>
			name === parameter && displayOptions?.show?.operation?.includes(operation),
	);
	return found?.displayName ?? parameter;
}

const nameOf = ({ operation }: { operation?: string }, names: Record<string, string>) =>
	names[operation ?? ''] ?? '';

const NAMES: Record<OperationName, string> = {
	closeTalk: 'Close Talk',
	downloadAttachment: 'Download Attachment',
	getMessages: 'Get Messages',
	getUnanswered: 'Get Unanswered Messages',
	sendMessage: 'Send Message',
	handOver: 'Hand Over Lead',
	run: 'Run Salesbot',
	stop: 'Stop Salesbot',
};

/** What the canvas shows below the node's name */
export const subtitle = `={{ ${callOf(nameOf, '$parameter', NAMES)} }}`;
