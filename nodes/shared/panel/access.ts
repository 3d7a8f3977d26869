import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

const ACCESS_TOKEN: INodePropertyOptions = {
	name: 'Access Token',
	value: 'accessToken',
	description: 'A long-lived token of a private integration',
};

const OAUTH2: INodePropertyOptions = {
	name: 'OAuth2',
	value: 'oAuth2',
	description: 'Sign in to Kommo with an integration of your own',
};

/** Where n8n shows the credential. Without this, n8n shows it at the top. */
const accessCredential: INodeProperties = {
	displayName: 'Credential',
	name: 'accessCredential',
	type: 'credentials',
	default: '',
	displayOptions: { show: { authentication: ['accessToken', 'oAuth2'] } },
};

/** Access to Kommo's API for a node that also works without it */
export const optionalAccess: INodeProperties[] = [
	{
		displayName: 'Access to Kommo (Optional)',
		name: 'authentication',
		type: 'options',
		noDataExpression: true,
		options: [
			ACCESS_TOKEN,
			{
				name: 'None',
				value: 'none',
				description: "The trigger does not use Kommo's API",
			},
			OAUTH2,
		],
		default: 'none',
		description:
			"Lets you choose pipelines and stages by name, and enrich events with what Kommo's API knows. You do not need it to receive events.",
	},
	accessCredential,
];

/**
 * Access to Kommo's API for a node that cannot work without it
 *
 * @param description what the node needs it for, as a sentence
 */
export function requiredAccess(description: string): INodeProperties[] {
	return [
		{
			displayName: 'Access to Kommo',
			name: 'authentication',
			type: 'options',
			noDataExpression: true,
			options: [ACCESS_TOKEN, OAUTH2],
			default: 'accessToken',
			description,
		},
		accessCredential,
	];
}
