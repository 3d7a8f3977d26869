import type { IHttpRequestOptions } from 'n8n-workflow';

import type { Query } from '../../nodes/shared/api/client';
import { now } from '../../nodes/shared/api/deadline';
import { readAll } from '../../nodes/shared/api/pages';
import type { Json } from '../../nodes/shared/events/json';
import { openFakeApi } from '../support/fakeApi';

/** The API of acme.kommo.com, which gives these bodies one after the other, and what it is asked for. */
async function open(...bodies: Json[]) {
	const requests: IHttpRequestOptions[] = [];
	const api = await openFakeApi(({ options }) => {
		requests.push(options);
		return { body: bodies.shift() };
	});
	return { api, requests, limits: { deadline: now() + 1500 } };
}

const USERS = { path: 'users', key: 'users' };

describe('the client of Kommo', () => {
	test('sends a request with its body to the account of the credential', async () => {
		const { api, requests, limits } = await open({ id: 1 });
		const query: Query = [['with', 'contacts']];
		const content = { query, body: { name: 'A lead' } };
		expect(await api.request('PATCH', 'leads/1', content, limits)).toEqual({
			body: { id: 1 },
			date: undefined,
		});
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
		expect(await readAll(api, USERS, limits)).toEqual([{ id: 1 }, { id: 2 }]);
		expect(requests.map(({ url }) => url)).toEqual([
			'https://acme.kommo.com/api/v4/users?limit=250&page=1',
			'https://acme.kommo.com/api/v4/users?limit=250&page=2',
		]);
	});

	test.each<Json>([{}, { _embedded: {} }, { _embedded: { users: [null] } }])(
		'takes %j in place of a list for an unexpected answer',
		async (body) => {
			const { api, limits } = await open(body);
			await expect(readAll(api, USERS, limits)).rejects.toThrow('unexpected answer');
		},
	);
});
