import type { INodeProperties } from 'n8n-workflow';

import { optionalAccess } from '../shared/panel/access';
import { asWritten, makeFilters, makeOptions } from '../shared/panel/collections';
import { enrichmentOptions } from '../shared/panel/enrichmentOptions';
import { eventParameters } from '../shared/panel/eventParameters';
import { includeRawBody } from '../shared/panel/rawBody';
import { stageFilter } from '../shared/panel/stageFilter';
import { CHOICES, ENTITIES, EVENTS } from './events';
import { MIN_TOKEN_LENGTH } from '../../credentials/webhookToken';

const verification: INodeProperties[] = [
	{
		displayName: 'Verification',
		name: 'verification',
		type: 'options',
		noDataExpression: true,
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
			'How to tell that a request comes from Kommo. Kommo does not sign webhooks and cannot send a header of your choice, so only the URL can be checked.',
	},
	{
		displayName: 'Credential',
		name: 'tokenCredential',
		type: 'credentials',
		default: '',
		// n8n shows all credentials of the node at the first visible place. With access to Kommo, that is the one
		// below Access to Kommo.
		displayOptions: { show: { verification: ['urlToken'], authentication: ['none'] } },
	},
	{
		displayName: `Choose a token of at least ${MIN_TOKEN_LENGTH} letters and digits, and store it in the credential <b>Kommo Webhook Token API</b>. To the URL that you paste into Kommo, append <code>?token=</code> and the token.`,
		name: 'tokenNotice',
		type: 'notice',
		displayOptions: { show: { verification: ['urlToken'] } },
		default: '',
	},
];

const filters = makeFilters(
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
			'The kinds of record whose events to receive. This applies to the output Other too. Leave empty for all.',
	},
	{
		displayName: 'Ignore Unchanged Stages',
		name: 'ignoreUnchangedStages',
		type: 'boolean',
		default: true,
		description:
			'Whether to leave out Stage Changed events in which the lead stayed in the same stage of the same pipeline. All other events pass.',
	},
	stageFilter,
);

const options = makeOptions(...enrichmentOptions(), includeRawBody);

/** The node's parameters, in the order in which n8n's panel shows them. */
export const properties: INodeProperties[] = [
	...eventParameters(
		CHOICES,
		EVENTS.map(({ code }) => code),
	),
	...verification,
	...optionalAccess,
	filters,
	asWritten(filters),
	options,
];
