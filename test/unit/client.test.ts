import type { IHttpRequestOptions, IWebhookFunctions } from 'n8n-workflow';

import { openApi, type Query } from '../../nodes/shared/api/client';
import { now } from '../../nodes/shared/api/deadline';

/** The API of acme.kommo.com, which gives these bodies one after the other, and what it is asked for. */
async function open(...bodies: object[]) {
	const requests: IHttpRequestOptions[] = [];
	const context = {
		getNodeParameter: () => 'accessToken',
		getCredentials: async () => ({ account: 'acme' }),
		getNode: () => ({}),
		helpers: {
			async httpRequestWithAuthentication(_credential: string, options: IHttpRequestOptions) {
				requests.push(options);
				return { statusCode: 200, headers: {}, body: bodies.shift() };
			},
		},
	};
	// The parts of n8n's context that the client uses
	const api = await openApi(context as unknown as IWebhookFunctions);
	return { api, requests, limits: { deadline: now() + 1500 } };
}

describe('the client of Kommo', () => {
	test('sends a request with its body to the account of the credential', async () => {
		const { api, requests, limits } = await open({ id: 1 });
		const query: Query = [['with', 'contacts']];
		const content = { query, body: { name: 'A lead' } };
		expect(await api.request('PATCH', 'leads/1', content, limits)).toEqual({ id: 1 });
		expect(requests).toMatchObject([
			{
				method: 'PATCH',
				url: 'https://acme.kommo.com/api/v4/leads/1?with=contacts',
				body: { name: 'A lead' },
				disableFollowRedirect: true,
			},
		]);
	});

	test('reads all pages of a list', async () => {
		const { api, requests, limits } = await open(
			{ _links: { next: { href: '' } }, _embedded: { users: [{ id: 1 }] } },
			{ _links: {}, _embedded: { users: [{ id: 2 }] } },
		);
		expect(await api.list('users', 'users', [], limits)).toEqual([{ id: 1 }, { id: 2 }]);
		expect(requests.map(({ url }) => url)).toEqual([
			'https://acme.kommo.com/api/v4/users?limit=250&page=1',
			'https://acme.kommo.com/api/v4/users?limit=250&page=2',
		]);
	});

	test.each([{}, { _embedded: {} }, { _embedded: { users: [null] } }])(
		'takes %j in place of a list for an unexpected answer',
		async (body) => {
			const { api, limits } = await open(body);
			await expect(api.list('users', 'users', [], limits)).rejects.toThrow('unexpected answer');
		},
	);
});
