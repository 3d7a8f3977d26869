import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

import { shownInTool, type Shown } from './shown';

/** What to enter behind an AI Agent, whose item has only the answer */
export const BEHIND_AGENT = (field: string) =>
	`Behind an AI Agent, enter <code>{{ $('Get unanswered messages').item.json.${field} }}</code> with the name of your node that has the message.`;

const IN_TOOL = (field: string) =>
	`Leave it empty: the talk reference says to whom the model writes. Or enter a number, or <code>{{ $('Get unanswered messages').first().json.${field} }}</code> with the name of your node that has the message. No other expression works, because a model could change it.`;

/** For a node that is a tool: the reference to the talk, which a model cannot make up */
function talkRef(shown: Shown): INodeProperties {
	return {
		displayName: 'Talk Reference',
		name: 'talkRef',
		type: 'string',
		default: '={{ $json.talk_ref }}',
		description:
			'The signed reference to the talk and lead, from Get Unanswered Messages before the AI Agent. A model cannot make one up, so it cannot choose to whom it writes.',
		displayOptions: shownInTool(true, shown),
	};
}

/** Which talk it is about */
export function talkParameters(shown: Shown): INodeProperties[] {
	const talkId = {
		displayName: 'Talk ID',
		name: 'talkId',
		type: 'string',
		default: '',
		placeholder: 'e.g. 1234',
	} satisfies Partial<INodeProperties>;
	return [
		talkRef(shown),
		{
			...talkId,
			default: '={{ $json.talk_id }}',
			description: `The conversation in Kommo. If the item has no talk_id, the open talk of its lead or contact is used. ${BEHIND_AGENT('talk_id')}`,
			displayOptions: shownInTool(false, shown),
		},
		{
			...talkId,
			description: IN_TOOL('talk_id'),
			displayOptions: shownInTool(true, shown),
		},
	];
}

/** Which lead or contact it is about */
export function entityParameters(shown: Shown): INodeProperties[] {
	const entityId = {
		displayName: 'Entity ID',
		name: 'entityId',
		type: 'string',
		default: '',
		placeholder: 'e.g. 4831596',
	} satisfies Partial<INodeProperties>;
	return [
		talkRef(shown),
		{
			...entityId,
			description: `The ID of the lead or contact. Empty: that of the item. ${BEHIND_AGENT('entity_id')}`,
			displayOptions: shownInTool(false, shown),
		},
		{ ...entityId, description: IN_TOOL('entity_id'), displayOptions: shownInTool(true, shown) },
	];
}

/** The type of the ID that the user enters. An item says its type itself. */
export function entityType(shown: Shown): INodeProperties {
	const displayOptions: IDisplayOptions = { ...shown, hide: { entityId: [''] } };
	return {
		displayName: 'Entity Type',
		name: 'entityType',
		type: 'options',
		options: [
			{ name: 'Contact', value: 'contacts' },
			{ name: 'Lead', value: 'leads' },
		],
		default: 'leads',
		description: 'The kind of record that Entity ID belongs to',
		displayOptions,
	};
}
