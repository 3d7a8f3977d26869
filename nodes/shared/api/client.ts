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
import type { Authentication } from './refusals';
import { renewOnce } from './renewal';
import { sendUntilAnswered, type Answer, type Request } from './request';

export type { Answer } from './request';

export type Query = ReadonlyArray<readonly [name: string, value: string]>;

/** What to ask for, and how; see `Request` */
export interface Content extends Pick<Request, 'uncertain' | 'bulk' | 'refusals'> {
	/** A function is called when it is the request's turn. */
	query?: Query | (() => Query);
	/** JSON, or the bytes of a file */
	body?: JsonMap | JsonMap[] | Uint8Array;
}

/** API v4 of one account, https://developers.kommo.com/reference/kommo-api-reference */
export interface KommoApi {
	readonly subdomain: string;
	/** Of the account, e.g. `acme.kommo.com` */
	readonly host: string;
	/** Tells apart what different credentials may see */
	readonly cacheKey: string;
	/** By how many ms Kommo's clock is ahead of n8n's; 0 unless it is seconds, or if Kommo has not said yet */
	readonly clockDifference: number;
	/**
	 * One request, tried again within the limits.
	 *
	 * @param path e.g. `leads/pipelines`, or an address of the account's drive, `https://drive-...`
	 * @throws KommoApiError
	 */
	request(
		method: IHttpRequestMethods,
		path: string,
		content: Content,
		limits: RetryLimits,
	): Promise<Answer>;
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
	const host = toAccountHost(String(credential.account ?? ''));
	if (!host) throw new KommoApiError(ADDRESS_EXPECTED);
	return new Client(context, credentialType, host);
}

/** The same for all items: the parameter takes no expression. */
function readAuthentication(context: Context): Authentication | 'none' {
	const isExecution = 'getInputData' in context;
	return (
		isExecution
			? context.getNodeParameter('authentication', 0)
			: context.getNodeParameter('authentication')
	) as Authentication | 'none';
}

/** In ms; a smaller difference may come of the answer's way. */
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
		content: Content,
		limits: RetryLimits,
	): Promise<Answer> {
		const url = this.toUrl(path);
		const { uncertain, bulk, refusals } = content;
		const send = async (timeout: number) => await this.send(method, url, content, timeout);
		const request: Request = { send, uncertain, bulk, refusals };
		if (this.credentialType === 'kommoPipelineOAuth2Api') {
			request.renewToken = async (sent) => await this.renewToken(sent);
		}
		const answer = await sendUntilAnswered(request, limits);
		// It may be as late as the end of the second that Kommo names.
		if (answer.date !== undefined) this.setClock((answer.date + 1) * 1000 - Date.now());
		return answer;
	}

	private setClock(difference: number): void {
		this.clockDifference = Math.abs(difference) > SAME_TIME ? difference : 0;
	}

	/** @throws KommoApiError for what is neither the account's API nor its drive: the token must not go there. */
	private toUrl(path: string): string {
		if (!URL.canParse(path)) return `https://${this.host}/api/v4/${path}`;
		const { protocol, host, href } = new URL(path);
		if (protocol === 'https:' && isDriveHost(host, this.host)) return href;
		throw new KommoApiError(
			`Kommo named ${host} as the place of its files, which is not one of its hosts. Try again later.`,
		);
	}

	private async send(
		method: IHttpRequestMethods,
		address: string,
		{ query = [], body }: Content,
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
				// Where a redirect leads, the token must not follow.
				disableFollowRedirect: true,
				returnFullResponse: true,
				// At a 401 thrown, n8n would send again by itself, beyond the rate limit.
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
