import {
	sleep,
	type ICredentialTestFunctions,
	type IHttpRequestOptions,
	type INode,
	type IPollFunctions,
} from 'n8n-workflow';

import { accessTokenTest } from '../../nodes/shared/api/accessTokenTest';
import { openApi, type Query } from '../../nodes/shared/api/client';
import { now } from '../../nodes/shared/api/deadline';
import { toNodeError } from '../../nodes/shared/api/nodeError';
import { KommoApiError } from '../../nodes/shared/api/problem';
import type { Json } from '../../nodes/shared/events/json';
import { openFakeApi } from '../support/fakeApi';
import { letTimeFly } from '../support/virtualTime';

letTimeFly();

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

	test.each([
		['none', { account: 'acme' }, 'needs access to Kommo'],
		['accessToken', undefined, 'could not be used'],
		['accessToken', {}, 'must be that of a Kommo account'],
		['accessToken', { account: null }, 'must be that of a Kommo account'],
		['accessToken', { account: '' }, 'must be that of a Kommo account'],
	])(
		'asks nothing with the access %s and the credential %j',
		async (access, credential, problem) => {
			const context = {
				getNodeParameter: () => access,
				getCredentials: async (type: string) =>
					type === 'kommoPipelineAccessTokenApi' ? credential : { account: 'acme' },
			};
			const opening = openApi(context as unknown as IPollFunctions);
			await expect(opening).rejects.toThrow(problem);
		},
	);

	test("knows how far Kommo's clock is ahead, if it is more than an answer takes", async () => {
		const aheads = [8000, undefined, 1000];
		const api = await openFakeApi(() => {
			const ahead = aheads.shift();
			const date = ahead && new Date(Date.now() + ahead).toUTCString();
			return { body: {}, headers: { ...(date && { date }) } };
		});
		for (const seconds of [9, 9, 0]) {
			await api.request('GET', 'account', {}, { deadline: now() + 1500 });
			expect(Math.ceil(api.clockDifference / 1000)).toBe(seconds);
		}
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

test.each([
	[200, 'OK', 'Kommo accepts the token'],
	[401, 'Error', expect.stringContaining('refused the access token (401)')],
])('the test of an access token asks the account, and says after a %i: %s', async (...row) => {
	const [statusCode, status, message] = row;
	const request = jest.fn(async () => ({ statusCode, headers: {}, body: {} }));
	const test = accessTokenTest.bind({
		helpers: { request },
	} as unknown as ICredentialTestFunctions);
	const credential = {
		id: '1',
		name: '',
		type: '',
		data: { account: 'acme', accessToken: 'secret' },
	};
	expect(await test(credential)).toEqual({ status, message });
	expect(request.mock.calls).toEqual([
		[
			expect.objectContaining({
				method: 'GET',
				uri: 'https://acme.kommo.com/api/v4/account',
				headers: { Authorization: 'Bearer secret' },
				json: true,
				simple: false,
				resolveWithFullResponse: true,
				followRedirect: false,
				followAllRedirects: false,
			}),
		],
	]);
	expect(await test({ ...credential, data: { account: '' } })).toMatchObject({ status: 'Error' });
	expect(request).toHaveBeenCalledTimes(1);
});

test('an error without an answer of Kommo has no status for n8n', () => {
	const error = toNodeError({ name: 'Trigger' } as INode, new KommoApiError('Wait.'));
	expect(error).toMatchObject({ message: 'Wait.', httpCode: null });
});
