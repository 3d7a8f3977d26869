import type { NodeHint } from 'n8n-workflow';

import { callOf } from '../../credentials/expression';
import type { OperationName } from './description';

const isChosen = ({ operation }: { operation?: string }, wanted: string) => operation === wanted;

/** What to know before the first run. n8n does not show the description of the access that a node must have. */
const note = (operation: OperationName, message: string): NodeHint => ({
	message,
	type: 'info',
	location: 'outputPane',
	whenToDisplay: 'beforeExecution',
	displayCondition: `={{ ${callOf(isChosen, '$parameter', operation)} }}`,
});

export const hints: NodeHint[] = [
	note(
		'sendMessage',
		'<b>Execute step</b> really sends the message to the customer. In Kommo, the integration needs the scope <b>Sending to external chats</b>, and the account the plan Trial, Pro or Enterprise. Without them, use <b>Run Salesbot</b>.',
	),
	note(
		'runSalesbot',
		'<b>Execute step</b> really runs the Salesbot, which may write to the customer. To let it send a text, choose a <b>Field</b>, and use the same field in the message of the Salesbot in Kommo.',
	),
	note(
		'getMessages',
		'In Kommo, the integration needs the scope <b>External chat history</b>, and the account the plan Trial, Pro or Enterprise.',
	),
];
