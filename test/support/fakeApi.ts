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

/** The API of acme.kommo.com as a node opens it, with a server that gives these answers. */
export async function openFakeApi(
	answer: (request: AskedRequest) => FakeAnswer | Promise<FakeAnswer>,
	{ account = 'acme', authentication = 'accessToken', refreshOAuth2Token = async () => {} } = {},
): Promise<KommoApi> {
	const credential = { id: `fake ${credentials++}` };
	const context = {
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
	// The parts of n8n's context that the client uses
	return await openApi(context as unknown as IPollFunctions);
}

/** A page of a list as Kommo gives it; an empty answer if there are no entries. */
export function listAnswer(path: string, entries: readonly Json[]): FakeAnswer {
	const key = path.split('/').at(-1)!;
	return entries.length > 0 ? { body: { _links: {}, _embedded: { [key]: [...entries] } } } : {};
}
