import type {
	IExecuteFunctions,
	IHookFunctions,
	IHttpRequestMethods,
	ILoadOptionsFunctions,
	IN8nHttpFullResponse,
	IPollFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';

import { isMap, type JsonMap } from '../events/json';
import { ADDRESS_EXPECTED, toAccountHost, toSubdomain } from '../../../credentials/accountAddress';
import { sendUntilAnswered } from './attempts';
import { now, type RetryLimits } from './deadline';
import {
	CREDENTIAL_UNUSABLE,
	KommoApiError,
	NO_AUTHENTICATION,
	UNEXPECTED_ANSWER,
} from './problem';
import { renewOnce } from './renewal';

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
	 * One request, tried again within the limits.
	 *
	 * @param path e.g. `leads/pipelines`
	 * @param content.uncertain for what Kommo must not do twice, see `Request`
	 * @returns the body of the answer; nothing when it has none (204, 202)
	 * @throws KommoApiError
	 */
	request(
		method: IHttpRequestMethods,
		path: string,
		content: { query?: Query; body?: JsonMap; uncertain?: string },
		limits: RetryLimits,
	): Promise<JsonMap | undefined>;
	/**
	 * All entries of a list, page by page.
	 *
	 * @param key the list's name in the answer's `_embedded`, e.g. `pipelines`
	 * @throws KommoApiError
	 */
	list(path: string, key: string, query: Query, limits: RetryLimits): Promise<JsonMap[]>;
}

/** What n8n gives to a node that asks Kommo */
type Context =
	IWebhookFunctions | ILoadOptionsFunctions | IHookFunctions | IPollFunctions | IExecuteFunctions;

/** @throws KommoApiError when the node has no authentication, or a credential with a wrong address */
export async function openApi(context: Context): Promise<KommoApi> {
	const authentication = readAuthentication(context);
	if (authentication === 'none') throw new KommoApiError(NO_AUTHENTICATION);

	const credentialType =
		authentication === 'oAuth2' ? 'kommoPipelineOAuth2Api' : 'kommoPipelineAccessTokenApi';
	const credential = await context
		.getCredentials<{ account?: unknown }>(credentialType)
		.catch(() => undefined);
	if (!credential) throw new KommoApiError(CREDENTIAL_UNUSABLE);
	const host = toAccountHost(String(credential.account));
	if (!host) throw new KommoApiError(ADDRESS_EXPECTED);
	const cacheKey = `${host} ${context.getNode().credentials?.[credentialType]?.id}`;

	const request: KommoApi['request'] = async (method, path, content, limits) => {
		const { query = [], body, uncertain } = content;
		const url = new URL(`https://${host}/api/v4/${path}`);
		url.search = String(new URLSearchParams([...query]));
		const send = async (): Promise<IN8nHttpFullResponse> =>
			await context.helpers.httpRequestWithAuthentication.call(context, credentialType, {
				method,
				url: url.href,
				...(body && { body }),
				json: true,
				timeout: Math.max(1, Math.ceil(limits.deadline - now())),
				// Where a redirect leads, the token must not follow.
				disableFollowRedirect: true,
				returnFullResponse: true,
				// At a 401 thrown, n8n would send again by itself, beyond the rate limit.
				ignoreHttpStatusErrors: true,
			});
		const renewToken = async (sent: number) =>
			await renewOnce(cacheKey, sent, async () =>
				context.helpers.refreshOAuth2Token.call(context, credentialType),
			);
		const isRenewable = authentication === 'oAuth2';
		return await sendUntilAnswered(
			{ send, ...(isRenewable && { renewToken }), ...(uncertain && { uncertain }) },
			limits,
		);
	};

	return {
		subdomain: toSubdomain(host),
		cacheKey,
		request,
		async list(path, key, query, limits) {
			const entries: JsonMap[] = [];
			for (let page = 1; ; page++) {
				const paging: Query = [
					['limit', String(PAGE_SIZE)],
					['page', String(page)],
				];
				const answer = await request('GET', path, { query: [...query, ...paging] }, limits);
				entries.push(...readList(answer, key));
				if (!isMap(answer?._links) || !answer._links.next) return entries;
			}
		},
	};
}

/** The same for all items: the parameter takes no expression. */
function readAuthentication(context: Context): Authentication {
	const isExecution = 'getInputData' in context;
	return (
		isExecution
			? context.getNodeParameter('authentication', 0)
			: context.getNodeParameter('authentication')
	) as Authentication;
}

/**
 * The entries of a list in an answer; none when Kommo has nothing to give (204).
 *
 * @throws KommoApiError when the answer is not such a list
 */
export function readList(answer: JsonMap | undefined, key: string): JsonMap[] {
	if (!answer) return [];
	const list = isMap(answer._embedded) ? answer._embedded[key] : undefined;
	if (!Array.isArray(list) || !list.every(isMap)) throw new KommoApiError(UNEXPECTED_ANSWER);
	return list;
}
