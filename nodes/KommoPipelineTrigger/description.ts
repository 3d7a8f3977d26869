import type { INodeProperties } from 'n8n-workflow';

import { ENTITIES, EVENTS } from './events';
import { MIN_TOKEN_LENGTH } from './verification';

const EVENT_NAMES = Object.fromEntries(EVENTS.map(({ code, name }) => [code, name]));

/** What the canvas shows below the node's name: the events it is triggered on. */
export const subtitle = `={{ $parameter.events.length === ${EVENTS.length} ? 'All pipeline events' : $parameter.events.map((code) => (${JSON.stringify(EVENT_NAMES)})[code]).join(', ') || 'Other events' }}`;

/** The node's parameters, in the order in which n8n's panel shows them. */
export const properties: INodeProperties[] = [
	{
		displayName:
			'In Kommo, open <b>Leads</b>, click <b>Automate</b> and add <b>API: send webhook</b> under a stage. Paste the Production URL from above there, and choose when Kommo sends it.',
		name: 'setupNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Trigger On',
		name: 'events',
		type: 'multiOptions',
		options: EVENTS.map(({ code, name, description }) => ({ name, value: code, description })),
		default: [...EVENTS.map(({ code }) => code)],
		description: 'The events of the digital pipeline that start the workflow',
	},
	{
		displayName: 'Other Events',
		name: 'otherEvents',
		type: 'options',
		options: [
			{
				name: 'Ignore',
				value: 'ignore',
				description: 'Answer Kommo, but do not start the workflow',
			},
			{
				name: 'Output',
				value: 'output',
				description: 'Start the workflow, with these events on the output Other',
			},
		],
		default: 'output',
		description:
			"What to do with events that the list above does not have, such as a changed contact from the account's general webhooks",
	},
	{
		displayName: 'Output Mode',
		name: 'outputMode',
		type: 'options',
		options: [
			{
				name: 'One Output per Event',
				value: 'perEvent',
				description: 'Each kind of event leaves the node on an output of its own',
			},
			{
				name: 'Single Output',
				value: 'single',
				description:
					'All events leave the node on one output, in the order in which Kommo sent them',
			},
		],
		default: 'perEvent',
		description: 'How events leave the node. Changing this moves the wires of the node.',
	},
	{
		displayName: 'Verification',
		name: 'verification',
		type: 'options',
		options: [
			{
				name: 'None',
				value: 'none',
				description: 'Accept every request: whoever knows the URL can send events',
			},
			{
				name: 'URL Token',
				value: 'urlToken',
				description: 'Accept only requests that carry a secret token in the URL',
			},
		],
		default: 'none',
		description:
			'How to tell that a request comes from Kommo. Kommo signs nothing and sends no header of yours, so the URL is all there is to check.',
	},
	{
		displayName: `Choose a token of at least ${MIN_TOKEN_LENGTH} letters and digits, store it in the credential, and append <code>?token=</code> and the token to the URL that you paste into Kommo.`,
		name: 'tokenNotice',
		type: 'notice',
		displayOptions: { show: { verification: ['urlToken'] } },
		default: '',
	},
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		options: [
			{
				displayName: 'Account Subdomain',
				name: 'accountSubdomain',
				type: 'string',
				default: '',
				placeholder: 'e.g. acme',
				description:
					'The Kommo account whose events to receive: the part of its address before .kommo.com. Upper and lower case are the same.',
			},
			{
				displayName: 'Entities',
				name: 'entities',
				type: 'multiOptions',
				options: ENTITIES.map(({ code, name }) => ({ name, value: code })),
				default: [],
				description: 'The kinds of record whose events to receive. Leave empty for all.',
			},
			{
				displayName: 'Stage Changes Only',
				name: 'stageChangesOnly',
				type: 'boolean',
				default: true,
				description:
					'Whether to leave out Stage Changed events in which the lead stayed in the same stage of the same pipeline. Other kinds of event pass.',
			},
		],
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Include Raw Body',
				name: 'includeRawBody',
				type: 'boolean',
				default: true,
				description:
					'Whether to add the request body as text to each item, in the field <code>raw_body</code>',
			},
		],
	},
];
