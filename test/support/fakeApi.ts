import type { IHttpRequestOptions, IPollFunctions } from 'n8n-workflow';

import { openApi, type KommoApi } from '../../nodes/shared/api/client';
import type { Json } from '../../nodes/shared/events/json';

export interface AskedRequest {
	method: string;
	/** e.g. `leads/pipelines`, or the whole address if it is not the API's */
	path: string;
	query: URLSearchParams;
	options: IHttpRequestOptions;
}

export interface FakeAnswer {
	statusCode?: number;
	headers?: Record<string, string>;
	body?: Json | undefined;
}

let credentials = 0;

type Answering = (request: AskedRequest) => FakeAnswer | Promise<FakeAnswer>;

/** The API of acme.kommo.com as a node opens it, with a server that gives these answers. */
export async function openFakeApi(answer: Answering, options = {}): Promise<KommoApi> {
	return await openApi(makeFakeContext(answer, options) as unknown as IPollFunctions);
}

/** The parts of n8n's context that the client uses */
export function makeFakeContext(
	answer: Answering,
	{ account = 'acme', authentication = 'accessToken', refreshOAuth2Token = async () => {} } = {},
) {
	const credential = { id: `fake ${credentials++}` };
	return {
		getNodeParameter: () => authentication,
		getCredentials: async () => ({ account }),
		getNode: () => ({
			credentials: {
				kommoPipelineAccessTokenApi: credential,
				kommoPipelineOAuth2Api: credential,
			},
		}),
		helpers: {
			refreshOAuth2Token,
			async httpRequestWithAuthentication(_credential: string, options: IHttpRequestOptions) {
				const { origin, pathname, searchParams } = new URL(options.url);
				const [, path = `${origin}${pathname}`] = pathname.match(/^\/api\/v4\/(.*)/) ?? [];
				const { method = 'GET' } = options;
				const {
					statusCode = 200,
					headers = {},
					body = '',
				} = await answer({
					method,
					path,
					query: searchParams,
					options,
				});
				return { statusCode: body === '' && statusCode === 200 ? 204 : statusCode, headers, body };
			},
		},
	};
}

/** A page of a list as Kommo gives it; an empty answer if there are no entries. */
export function listAnswer(path: string, entries: readonly Json[]): FakeAnswer {
	const key = path.split('/').at(-1)!;
	return entries.length > 0 ? { body: { _links: {}, _embedded: { [key]: [...entries] } } } : {};
}
