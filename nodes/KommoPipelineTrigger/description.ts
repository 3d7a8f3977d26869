import type { INodeProperties } from 'n8n-workflow';

import { ENTITIES, EVENTS } from './events';
import { fromStage, pipeline, toStage } from '../shared/panel/stageLocators';
import { MIN_TOKEN_LENGTH } from './token';

const EVENT_NAMES = Object.fromEntries(EVENTS.map(({ code, name }) => [code, name]));

/** In ms. Kommo waits 2 seconds, and n8n needs some of them to record the execution. */
export const ENRICHMENT_TIME_LIMIT = { min: 100, max: 1900, standard: 1500 };
const { min, max, standard } = ENRICHMENT_TIME_LIMIT;

/** What the canvas shows below the node's name: the events it is triggered on. */
export const subtitle = `={{ ((codes) => codes.length === ${EVENTS.length} ? 'All Pipeline Events' : codes.length > 2 ? codes.length + ' Events' : codes.map((code) => (${JSON.stringify(EVENT_NAMES)})[code]).join(', ') || 'Other Events')($parameter.events) }}`;

/** The node's parameters, in the order in which n8n's panel shows them. */
export const properties: INodeProperties[] = [
	{
		displayName:
			'1. Open Webhook URLs above and copy the Production URL. 2. Publish (activate) this workflow. 3. In Kommo, open Leads, click Automate in the top right corner, add "API: + Send webhook" to a stage, select the event and paste the URL. Kommo cannot reach an address such as localhost.',
		name: 'setupNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Trigger On',
		name: 'events',
		type: 'multiOptions',
		options: EVENTS.map(({ code, name, description }) => ({ name, value: code, description })),
		// n8n's linter wants to see an array.
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
		description:
			'How events leave the node. Connections stay on the position of an output, so check them after a change.',
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
			'How to tell that a request comes from Kommo. Kommo does not sign webhooks and cannot send a header of your choice, so the URL is all there is to check.',
	},
	{
		displayName: `Choose a token of at least ${MIN_TOKEN_LENGTH} letters and digits, store it in the credential, and append <code>?token=</code> and the token to the URL that you paste into Kommo.`,
		name: 'tokenNotice',
		type: 'notice',
		displayOptions: { show: { verification: ['urlToken'] } },
		default: '',
	},
	{
		displayName: 'Authentication',
		name: 'authentication',
		type: 'options',
		options: [
			{
				name: 'Access Token',
				value: 'accessToken',
				description: 'A long-lived token of a private integration',
			},
			{
				name: 'None',
				value: 'none',
				description: "The trigger does not use Kommo's API",
			},
			{
				name: 'OAuth2',
				value: 'oAuth2',
				description: 'Sign in to Kommo with an integration of your own',
			},
		],
		default: 'none',
		description:
			"How the trigger may read from Kommo's API, to list stages by name and to enrich events. Receiving events needs none.",
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
					'The Kommo account whose events to receive: its subdomain or its whole address, in upper or lower case',
			},
			{
				displayName: 'Entities',
				name: 'entities',
				type: 'multiOptions',
				options: ENTITIES.map(({ code, name }) => ({ name, value: code })),
				default: [],
				description:
					'The kinds of record whose events to receive, on the output Other too. Leave empty for all.',
			},
			{
				displayName: 'Stage Changes Only',
				name: 'stageChangesOnly',
				type: 'boolean',
				default: true,
				description:
					'Whether to leave out Stage Changed events in which the lead stayed in the same stage of the same pipeline. Other kinds of event pass.',
			},
			{
				displayName: 'Stages',
				name: 'stages',
				type: 'fixedCollection',
				typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Stage Rule' },
				default: {},
				description:
					'The stages whose events to receive: an event of a lead passes when one of the rules matches, and an empty field means any. Events of customers and other events always pass.',
				options: [
					{
						displayName: 'Rule',
						name: 'rules',
						values: [pipeline, fromStage, toStage],
					},
				],
			},
		],
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			{
				displayName: 'Enrich With',
				name: 'enrich',
				type: 'multiOptions',
				options: [
					{
						name: 'Main Contact',
						value: 'contact',
						description: 'Add the main contact of the lead or customer, as <code>contact</code>',
					},
					{
						name: 'Names of Pipeline and Stage',
						value: 'names',
						description:
							'Add <code>pipeline_name</code> and <code>status_name</code>, and the old ones, to events of leads',
					},
					{
						name: 'Record',
						value: 'record',
						description: 'Add the lead or customer with all its fields, as <code>record</code>',
					},
					{
						name: 'Responsible User',
						value: 'responsibleUser',
						description: 'Add the user who is responsible, as <code>responsible_user</code>',
					},
				],
				displayOptions: { show: { '/authentication': ['accessToken', 'oAuth2'] } },
				default: [],
				description:
					"What to get from Kommo's API for events of leads and customers. What cannot be had in time is missing, and the field <code>enrichment_error</code> says why.",
			},
			{
				displayName: 'Enrichment Time Limit (Ms)',
				name: 'enrichmentTimeLimit',
				type: 'number',
				typeOptions: { minValue: min, maxValue: max },
				displayOptions: { show: { '/authentication': ['accessToken', 'oAuth2'] } },
				default: standard,
				description:
					'How long to wait for the API before the events leave as they are, in milliseconds. Kommo waits 2 seconds for an answer.',
			},
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
