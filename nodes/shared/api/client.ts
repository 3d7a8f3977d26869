import type {
	IExecuteFunctions,
	IHookFunctions,
	IHttpRequestMethods,
	ILoadOptionsFunctions,
	IN8nHttpFullResponse,
	IPollFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';

import type { JsonMap } from '../events/json';
import {
	ADDRESS_EXPECTED,
	isDriveHost,
	toAccountHost,
	toSubdomain,
} from '../../../credentials/accountAddress';
import type { RetryLimits } from './deadline';
import { CREDENTIAL_UNUSABLE, KommoApiError, NO_AUTHENTICATION } from './problem';
import { renewOnce } from './renewal';
import { sendUntilAnswered, type Answer, type KommoRequest } from './request';

export type { Answer } from './request';

export type Query = ReadonlyArray<readonly [name: string, value: string]>;

/** What a request has besides its method and path; see `KommoRequest` */
export interface RequestOptions extends Pick<KommoRequest, 'uncertain' | 'bulk' | 'refusals'> {
	/** A function is called when the request gets its turn, just before it is sent. */
	query?: Query | (() => Query);
	/** JSON, or the bytes of a file */
	body?: JsonMap | JsonMap[] | Uint8Array;
}

/** API v4 of one account, https://developers.kommo.com/reference/kommo-api-reference */
export interface KommoApi {
	readonly subdomain: string;
	/** The account's host, e.g. `acme.kommo.com` */
	readonly host: string;
	/** One for each account and credential, because two credentials may see different records */
	readonly cacheKey: string;
	/**
	 * How far Kommo's clock is ahead of n8n's, in ms. 0 until Kommo has answered, and for differences below
	 * `SAME_TIME`.
	 */
	readonly clockDifference: number;
	/**
	 * Sends a request, and retries it within the limits.
	 *
	 * @param path e.g. `leads/pipelines`, or an address of the account's drive, `https://drive-...`
	 * @throws KommoApiError
	 */
	request(
		method: IHttpRequestMethods,
		path: string,
		content: RequestOptions,
		limits: RetryLimits,
	): Promise<Answer>;
}

/** n8n's context of a node that sends requests to Kommo */
type Context =
	IWebhookFunctions | ILoadOptionsFunctions | IHookFunctions | IPollFunctions | IExecuteFunctions;

/** @throws KommoApiError when the node has no authentication, or a credential with a wrong address */
export async function openApi(context: Context): Promise<KommoApi> {
	// Item 0 stands for all items: the parameter takes no expression. Without items, n8n takes 0 for the fallback.
	const authentication = (context as IExecuteFunctions).getNodeParameter('authentication', 0);
	if (authentication === 'none') throw new KommoApiError(NO_AUTHENTICATION);

	const credentialType =
		authentication === 'oAuth2' ? 'kommoPipelineOAuth2Api' : 'kommoPipelineAccessTokenApi';
	const credential = await context
		.getCredentials<{ account?: unknown }>(credentialType)
		.catch(() => undefined);
	if (!credential) throw new KommoApiError(CREDENTIAL_UNUSABLE);
	const host = toAccountHost(String(credential.account ?? ''));
	if (!host) throw new KommoApiError(ADDRESS_EXPECTED);
	return new Client(context, credentialType, host);
}

/** In ms. A smaller difference can be the time that the answer took to arrive. */
const SAME_TIME = 3000;

class Client implements KommoApi {
	readonly subdomain: string;

	clockDifference = 0;

	readonly cacheKey: string;

	constructor(
		private readonly context: Context,
		private readonly credentialType: 'kommoPipelineOAuth2Api' | 'kommoPipelineAccessTokenApi',
		readonly host: string,
	) {
		this.subdomain = toSubdomain(host);
		this.cacheKey = `${host} ${context.getNode().credentials?.[credentialType]?.id}`;
	}

	async request(
		method: IHttpRequestMethods,
		path: string,
		content: RequestOptions,
		limits: RetryLimits,
	): Promise<Answer> {
		const url = this.toUrl(path);
		const { uncertain, bulk, refusals } = content;
		const send = async (timeout: number) => await this.send(method, url, content, timeout);
		const request: KommoRequest = { send, uncertain, bulk, refusals };
		if (this.credentialType === 'kommoPipelineOAuth2Api') {
			request.renewToken = async (sent) => await this.renewToken(sent);
		}
		const answer = await sendUntilAnswered(request, limits);
		// Kommo names only the second, so its time may be at the end of that second.
		if (answer.date !== undefined) this.setClock((answer.date + 1) * 1000 - Date.now());
		return answer;
	}

	private setClock(difference: number): void {
		this.clockDifference = Math.abs(difference) > SAME_TIME ? difference : 0;
	}

	/** @throws KommoApiError if the address is not on the account's drive: the token must go nowhere else */
	private toUrl(path: string): string {
		if (!URL.canParse(path)) return `https://${this.host}/api/v4/${path}`;
		const { protocol, host, href } = new URL(path);
		if (protocol === 'https:' && isDriveHost(host, this.host)) return href;
		throw new KommoApiError(
			`Kommo named ${host} as the host of its files, but that is not one of its hosts. Try again later.`,
		);
	}

	private async send(
		method: IHttpRequestMethods,
		address: string,
		{ query = [], body }: RequestOptions,
		timeout: number,
	): Promise<IN8nHttpFullResponse> {
		const url = new URL(address);
		const parameters = typeof query === 'function' ? query() : query;
		for (const [name, value] of parameters) url.searchParams.append(name, value);
		const isFile = body instanceof Uint8Array;
		return (await this.context.helpers.httpRequestWithAuthentication.call(
			this.context,
			this.credentialType,
			{
				method,
				url: url.href,
				...(body && { body: isFile ? Buffer.from(body) : body }),
				...(isFile && { headers: { 'Content-Type': 'application/octet-stream' } }),
				json: true,
				timeout,
				// The token must not follow a redirect to another host.
				disableFollowRedirect: true,
				returnFullResponse: true,
				// If a 401 were thrown, n8n itself would send the request again, outside the rate limit.
				ignoreHttpStatusErrors: true,
			},
		)) as IN8nHttpFullResponse;
	}

	private async renewToken(sent: number): Promise<void> {
		await renewOnce(this.cacheKey, sent, async () =>
			this.context.helpers.refreshOAuth2Token.call(this.context, this.credentialType),
		);
	}
}
