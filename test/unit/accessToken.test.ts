import type { IHttpRequestOptions } from 'n8n-workflow';

import { KommoPipelineAccessTokenApi } from '../../credentials/KommoPipelineAccessTokenApi.credentials';

const authenticate = async (request: object, account = 'acme') =>
	await new KommoPipelineAccessTokenApi().authenticate(
		{ account, accessToken: 'secret' },
		request as IHttpRequestOptions,
	);

describe('the access token', () => {
	test("goes to the account's own host, and follows no redirect", async () => {
		expect(await authenticate({ url: 'https://acme.kommo.com/api/v4/leads' })).toEqual({
			url: 'https://acme.kommo.com/api/v4/leads',
			headers: { Authorization: 'Bearer secret' },
			disableFollowRedirect: true,
		});
		await authenticate({ url: '/api/v4/account', baseURL: 'https://acme.kommo.com' });
	});

	test('goes there with HTTP Request too, and follows no redirect', async () => {
		const request = {
			uri: 'https://acme.kommo.com/api/v4/leads',
			headers: { accept: '*/*' },
			followRedirect: true,
			followAllRedirects: true,
		};
		expect(await authenticate(request)).toEqual({
			...request,
			headers: { accept: '*/*', Authorization: 'Bearer secret' },
			disableFollowRedirect: true,
			followRedirect: false,
			followAllRedirects: false,
		});
	});

	test("goes to the drive of Kommo, where the account's files are", async () => {
		const url = 'https://drive-b.kommo.com/v1.0/sessions';
		expect(await authenticate({ url })).toMatchObject({
			headers: { Authorization: 'Bearer secret' },
		});
	});

	test('stays part of its type when n8n copies it', () => {
		expect({ ...new KommoPipelineAccessTokenApi() }).toHaveProperty('authenticate');
	});

	test.each([
		'https://drive-b.amocrm.ru/v1.0/sessions',
		'https://drive.example.com/',
		'https://drive-b.kommo.com.example.com/',
		'http://drive-b.kommo.com/',
		'https://example.com/',
		'https://other.kommo.com/',
		'https://acme.kommo.com.example.com/',
		'https://acme.kommo.com@example.com/',
		'https://acme.kommo.com:8443/',
		'http://acme.kommo.com/',
		'//example.com/',
		'',
	])('does not go to "%s"', async (url) => {
		const baseURL = 'https://www.kommo.com';
		await expect(authenticate({ url, baseURL })).rejects.toThrow('for https://acme.kommo.com only');
		await expect(authenticate({ uri: url, baseURL })).rejects.toThrow('acme.kommo.com only');
	});

	test.each([undefined, null, '', 'example.com'])(
		'goes nowhere while the address is %j',
		async (account) => {
			const credential = { account, accessToken: 'secret' } as unknown as { account: string };
			const request = new KommoPipelineAccessTokenApi().authenticate(credential, {
				url: 'https://undefined.kommo.com/',
			});
			await expect(request).rejects.toThrow('must be that of a Kommo account');
		},
	);
});
