import { sleep, type IHttpRequestOptions, type IPollFunctions } from 'n8n-workflow';

import { openApi, type Query } from '../../nodes/shared/api/client';
import { now } from '../../nodes/shared/api/deadline';
import type { Json } from '../../nodes/shared/events/json';
import { openFakeApi } from '../support/fakeApi';
import { letTimeFly } from '../support/virtualTime';

/** The API of acme.kommo.com, which gives these bodies one after the other, and the requests that it got. */
async function open(...bodies: Json[]) {
	const requests: IHttpRequestOptions[] = [];
	const api = await openFakeApi(({ options }) => {
		requests.push(options);
		return { body: bodies.shift() };
	});
	return { api, requests, limits: { deadline: now() + 1500 } };
}

describe('the client of Kommo', () => {
	letTimeFly();

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

	test('sends a file to the drive of Kommo, as it is', async () => {
		const { api, requests, limits } = await open({ uuid: 'a' });
		const address = 'https://drive-b.kommo.com/v1.0/sessions/upload/1';
		const body = Uint8Array.from([0, 255]);
		expect(await api.request('POST', address, { body }, limits)).toMatchObject({
			body: { uuid: 'a' },
		});
		expect(requests).toMatchObject([
			{
				url: address,
				body: Buffer.from(body),
				headers: { 'Content-Type': 'application/octet-stream' },
			},
		]);
	});

	test.each([
		'https://drive-b.amocrm.ru/v1.0/sessions',
		'https://example.com/',
		'https://other.kommo.com/api/v4/leads',
		'http://drive-b.kommo.com/',
	])('sends no token to %s', async (address) => {
		const { api, requests, limits } = await open({});
		await expect(api.request('POST', address, {}, limits)).rejects.toThrow(
			'is not one of its hosts',
		);
		expect(requests).toEqual([]);
	});

	test.each([undefined, null, ''])('asks nothing while the address is %j', async (account) => {
		const context = {
			getNodeParameter: () => 'accessToken',
			getCredentials: async () => ({ account }),
		};
		const opening = openApi(context as unknown as IPollFunctions);
		await expect(opening).rejects.toThrow('must be that of a Kommo account');
	});

	test('renews an expired OAuth2 token once for all requests', async () => {
		let token = 'expired';
		const refreshOAuth2Token = jest.fn(async () => {
			await sleep(20);
			token = 'renewed';
		});
		const answer = async () => {
			const sent = token;
			await sleep(10 * Math.random());
			return sent === 'expired' ? { statusCode: 401 } : { body: { id: 1 } };
		};
		const options = { authentication: 'oAuth2', refreshOAuth2Token };
		const api = await openFakeApi(answer, options);
		const limits = { deadline: now() + 60_000 };
		const paths = ['leads/1', 'leads/2', 'contacts/3'];
		await Promise.all(paths.map(async (path) => await api.request('GET', path, {}, limits)));
		expect(refreshOAuth2Token).toHaveBeenCalledTimes(1);
	});
});
