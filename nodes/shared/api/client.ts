import type { ILoadOptionsFunctions, IN8nHttpFullResponse, IWebhookFunctions } from 'n8n-workflow';

import { isMap, type JsonMap } from '../json';
import { ADDRESS_EXPECTED, toAccountHost, toSubdomain } from '../account';
import { sendUntilAnswered, type Patience } from './attempts';
import { CREDENTIAL_UNUSABLE, KommoApiError, NO_AUTHENTICATION, NONSENSE } from './problem';

type Authentication = 'none' | 'accessToken' | 'oAuth2';

/** How many records Kommo's API takes in one filter, and gives on one page */
export const PAGE_SIZE = 250;

export type Query = ReadonlyArray<[name: string, value: string]>;

/** API v4 of one account, https://developers.kommo.com/reference/kommo-api-reference */
export interface KommoApi {
	subdomain: string;
	/** Tells apart what different credentials may see */
	cacheKey: string;
	/**
	 * All entries of a list, page by page.
	 *
	 * @param path e.g. `leads/pipelines`
	 * @param key the list's name in the answer's `_embedded`, e.g. `pipelines`
	 * @param patience after its deadline nothing is asked or waited for
	 * @throws KommoApiError
	 */
	list(path: string, key: string, query: Query, patience: Patience): Promise<JsonMap[]>;
}

/** @throws KommoApiError when the node has no authentication, or a credential with a wrong address */
export async function openApi(
	context: IWebhookFunctions | ILoadOptionsFunctions,
): Promise<KommoApi> {
	const authentication = context.getNodeParameter('authentication') as Authentication;
	if (authentication === 'none') throw new KommoApiError(NO_AUTHENTICATION);

	const credentialType =
		authentication === 'oAuth2' ? 'kommoPipelineOAuth2Api' : 'kommoPipelineAccessTokenApi';
	const credential = await context
		.getCredentials<{ account?: unknown }>(credentialType)
		.catch(() => undefined);
	if (!credential) throw new KommoApiError(CREDENTIAL_UNUSABLE);
	const host = toAccountHost(String(credential.account));
	if (!host) throw new KommoApiError(ADDRESS_EXPECTED);

	const get = async (path: string, query: Query, patience: Patience) =>
		await sendUntilAnswered({
			...patience,
			host,
			send: async (): Promise<IN8nHttpFullResponse> =>
				await context.helpers.httpRequestWithAuthentication.call(context, credentialType, {
					method: 'GET',
					url: `https://${host}/api/v4/${path}?${new URLSearchParams([...query])}`,
					json: true,
					timeout: Math.max(1, patience.deadline - Date.now()),
					// Where a redirect leads, the token must not follow.
					disableFollowRedirect: true,
					returnFullResponse: true,
					// At a 401 thrown, n8n would send again by itself, beyond the rate limit.
					ignoreHttpStatusErrors: true,
				}),
			...(authentication === 'oAuth2' && {
				renewToken: async () =>
					await context.helpers.refreshOAuth2Token.call(context, credentialType),
			}),
		});

	return {
		subdomain: toSubdomain(host),
		cacheKey: `${host} ${context.getNode().credentials?.[credentialType]?.id}`,
		async list(path, key, query, patience) {
			const entries: JsonMap[] = [];
			for (let page = 1; ; page++) {
				const paging: Query = [
					['limit', String(PAGE_SIZE)],
					['page', String(page)],
				];
				const answer = await get(path, [...query, ...paging], patience);
				entries.push(...readList(answer, key));
				if (!isMap(answer?._links) || !answer._links.next) return entries;
			}
		},
	};
}

function readList(answer: JsonMap | undefined, key: string): JsonMap[] {
	if (!answer) return [];
	const list = isMap(answer._embedded) ? answer._embedded[key] : undefined;
	if (!Array.isArray(list) || !list.every(isMap)) throw new KommoApiError(NONSENSE);
	return list;
}
