import type { INodeProperties } from 'n8n-workflow';

/** How a node that needs no access to Kommo's API may get it */
export const optionalAccess: INodeProperties[] = [
	{
		displayName: 'Access to Kommo (Optional)',
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
			"Lets you choose pipelines and stages by name, and enrich events with what Kommo's API knows. Receiving events needs none.",
	},
	{
		displayName: 'Credential',
		name: 'accessCredential',
		type: 'credentials',
		default: '',
		displayOptions: { show: { authentication: ['accessToken', 'oAuth2'] } },
	},
];
