import {
	UserError,
	type Icon,
	type ICredentialDataDecryptedObject,
	type ICredentialType,
	type IHttpRequestOptions,
	type INodeProperties,
} from 'n8n-workflow';

import { ADDRESS_EXPECTED, isDriveHost, toAccountHost } from './accountAddress';
import { accountAddress, kommoHostsOnly } from './sharedFields';

/** A long-lived token of a private integration, https://developers.kommo.com/docs/long-lived-tokens */
export class KommoPipelineAccessTokenApi implements ICredentialType {
	name = 'kommoPipelineAccessTokenApi';

	displayName = 'Kommo Access Token API';

	icon: Icon = {
		light: 'file:../nodes/KommoPipelineTrigger/kommoPipeline.svg',
		dark: 'file:../nodes/KommoPipelineTrigger/kommoPipeline.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-kommo-pipeline/n8n-nodes-kommo-pipeline#access-to-kommo';

	properties: INodeProperties[] = [
		{
			displayName:
				'In Kommo, as an administrator, open <b>Settings > Integrations > Create Integration > Private</b>. To answer chats, allow it <b>Sending to external chats</b> and <b>External chat history</b>. Save it. Under <b>Keys and scopes</b>, click <b>Generate long-lived token</b> and copy the token: Kommo shows it only once.',
			name: 'setupNotice',
			type: 'notice',
			default: '',
		},
		accountAddress,
		{
			displayName: 'Access Token',
			name: 'accessToken',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			placeholder: 'e.g. eyJ0eXAiOiJKV1QiLCJhbGci...',
			description: 'The long-lived token of a private integration',
		},
		...kommoHostsOnly,
	];

	/**
	 * Sends the token only to the account's host and its drive, whichever node makes the request. This is a
	 * property, not a method: n8n 2.41 copies the credential type with a spread, which leaves methods out, and
	 * HTTP Request offers only types that have `authenticate`.
	 */
	authenticate = async (
		credentials: ICredentialDataDecryptedObject,
		request: IHttpRequestOptions & { uri?: string },
	): Promise<IHttpRequestOptions> => {
		const host = toAccountHost(String(credentials.account ?? ''));
		if (!host) throw new UserError(ADDRESS_EXPECTED);
		// n8n's HTTP Request calls the URL `uri` and has redirect options of its own.
		const { uri, url = uri ?? '', baseURL } = request;
		const { protocol, host: requested } = new URL(url, baseURL);
		const isOfAccount = requested === host || isDriveHost(requested, host);
		if (protocol !== 'https:' || !isOfAccount) {
			throw new UserError(
				`This token is for https://${host} only. Correct the URL of the request.`,
			);
		}
		const Authorization = `Bearer ${String(credentials.accessToken)}`;
		return {
			...request,
			headers: { ...request.headers, Authorization },
			disableFollowRedirect: true,
			...(uri !== undefined && { followRedirect: false, followAllRedirects: false }),
		};
	};
}
