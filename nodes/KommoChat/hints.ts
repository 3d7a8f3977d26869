import type { NodeHint } from 'n8n-workflow';

import { callOf } from '../../credentials/expression';
import type { OperationName } from './description';

const isChosen = ({ operation }: { operation?: string }, wanted: string) => operation === wanted;

/** What to know before the first run. n8n does not show the description of Access to Kommo in this node. */
const note = (operation: OperationName, message: string): NodeHint => ({
	message,
	type: 'info',
	location: 'outputPane',
	whenToDisplay: 'beforeExecution',
	displayCondition: `={{ ${callOf(isChosen, '$parameter', operation)} }}`,
});

const HISTORY =
	'In Kommo, the integration needs the scope <b>External chat history</b> (403 without it), and the account the plan Trial, Pro or Enterprise (402).';

export const hints: NodeHint[] = [
	note(
		'getUnanswered',
		`Put this directly behind the trigger. When a customer writes several messages, the execution of the last one answers, so no node in between may drop a message. A message that must not be answered leaves on <b>Left Alone</b>, with a reason. ${HISTORY}`,
	),
	note(
		'sendMessage',
		'<b>Execute step</b> really sends the message to the customer. In Kommo, the integration needs the scope <b>Sending to external chats</b> (403 without it), and the account the plan Trial, Pro or Enterprise (402). Without these, use <b>Salesbot > Run</b>.',
	),
	note('getMessages', HISTORY),
	note(
		'closeTalk',
		'<b>Execute step</b> really closes the talk. 422: it is closed already. Kommo opens a new talk when the customer writes again.',
	),
	note(
		'handOver',
		'<b>Execute step</b> really changes the lead and creates the task. 403: the user of the credential may not edit the lead.',
	),
	note(
		'run',
		'<b>Execute step</b> really runs the Salesbot, which may write to the customer. To let it send a text, choose a <b>Field</b>, and use the same field in the message of the Salesbot in Kommo.',
	),
	note('stop', '<b>Execute step</b> really stops the Salesbot.'),
];
