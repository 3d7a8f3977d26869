import { readSettings } from '../../scripts/start/settings';

const ADDRESS = 'https://n8n.example.com/';

describe('npm start', () => {
	test('tells n8n its public address by both names that it has had, and the proxies in front of it', () => {
		expect(readSettings([], { WEBHOOK_URL: ADDRESS, N8N_PROXY_HOPS: '1', HOME: '/' })).toEqual({
			withKommo: false,
			env: { N8N_WEBHOOK_URL: ADDRESS, WEBHOOK_URL: ADDRESS, N8N_PROXY_HOPS: '1' },
		});
	});

	test('has a stand-in of Kommo with --kommo', () => {
		expect(readSettings(['--kommo'], {})).toEqual({ withKommo: true, env: {} });
	});

	test.each([
		[[], { WEBHOOK_URL: 'n8n.example.com' }, 'must be an address such as'],
		[['--kommo'], { WEBHOOK_URL: ADDRESS }, 'leave WEBHOOK_URL out'],
		[['--komo'], {}, "'--komo'"],
	])('refuses %j with %j', (args, env, sentence) => {
		expect(() => readSettings(args, env)).toThrow(sentence);
	});
});
