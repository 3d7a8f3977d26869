import {
	UserError,
	type Icon,
	type ICredentialDataDecryptedObject,
	type ICredentialTestRequest,
	type ICredentialType,
	type IDataObject,
	type IHttpRequestHelper,
	type INodeProperties,
} from 'n8n-workflow';

import { ADDRESS_EXPECTED, toAccountHost } from './accountAddress';
import { accountAddress, accountHost, kommoHostsOnly, SIGN_IN_HOST } from './sharedFields';

/** An integration that a user of the account allows to act for them, https://developers.kommo.com/docs/oauth-20 */
export class KommoPipelineOAuth2Api implements ICredentialType {
	name = 'kommoPipelineOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'Kommo OAuth2 API';

	icon: Icon = {
		light: 'file:../nodes/KommoPipelineTrigger/kommoPipeline.svg',
		dark: 'file:../nodes/KommoPipelineTrigger/kommoPipeline.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-kommo-pipeline/n8n-nodes-kommo-pipeline#access-to-kommo';

	properties: INodeProperties[] = [
		{
			displayName:
				'In Kommo, as an administrator, open <b>Settings > Integrations > Create Integration > Private</b>, enter the OAuth Redirect URL as Redirect URL, allow access (to answer chats, also <b>Sending to external chats</b> and <b>External chat history</b>), and save. The tab <b>Keys and scopes</b> then shows the integration ID and the secret key.',
			name: 'setupNotice',
			type: 'notice',
			default: '',
		},
		accountAddress,
		{
			displayName: 'Client ID',
			name: 'clientId',
			type: 'string',
			required: true,
			default: '',
			description: 'The integration ID, from Keys and scopes of the integration in Kommo',
		},
		{
			displayName: 'Client Secret',
			name: 'clientSecret',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'The secret key, from Keys and scopes of the integration in Kommo',
		},
		{ displayName: 'Grant Type', name: 'grantType', type: 'hidden', default: 'authorizationCode' },
		{
			displayName: 'Authorization URL',
			name: 'authUrl',
			type: 'hidden',
			default: `=https://${SIGN_IN_HOST}/oauth`,
		},
		{
			displayName: 'Access Token URL',
			name: 'accessTokenUrl',
			type: 'hidden',
			default: `=https://${accountHost('$self')}/oauth2/access_token`,
		},
		{ displayName: 'Scope', name: 'scope', type: 'hidden', default: '' },
		{
			displayName: 'Auth URI Query Parameters',
			name: 'authQueryParameters',
			type: 'hidden',
			default: 'mode=popup',
		},
		{ displayName: 'Authentication', name: 'authentication', type: 'hidden', default: 'body' },
		...kommoHostsOnly,
	];

	/** Says what is wrong with the address before anything is sent. */
	async preAuthentication(
		this: IHttpRequestHelper,
		{ account }: ICredentialDataDecryptedObject,
	): Promise<IDataObject> {
		if (!toAccountHost(String(account ?? ''))) throw new UserError(ADDRESS_EXPECTED);
		return {};
	}

	test: ICredentialTestRequest = {
		request: {
			baseURL: `=https://${accountHost('$credentials')}`,
			url: '/api/v4/account',
			disableFollowRedirect: true,
		},
	};
}
