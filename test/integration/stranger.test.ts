import dns from 'node:dns';

import { letTimeFly } from '../support/virtualTime';
import { loadPackage } from '../support/builtPackage';
import { BuiltTrigger, type WebhookOutcome } from '../support/builtTrigger';

beforeAll(loadPackage);
letTimeFly();

describe('a stranger who knows the URL', () => {
	const TOKEN = 'abcdefghijklmnopqrstuvwxyz';

	test('gets one answer to every wrong token, with nothing of the token or the guess', async () => {
		const trigger = new BuiltTrigger({
			parameters: { verification: 'urlToken' },
			token: TOKEN,
		});
		const guesses = [undefined, '', 'guess', TOKEN.slice(0, 13), `${TOKEN.slice(0, -1)}#`];
		const answers = new Set<string>();
		for (const token of guesses)
			answers.add(JSON.stringify(await trigger.receive({ query: { token } })));
		const [answer, ...others] = answers;
		expect(others).toEqual([]);
		expect(answer).toContain('401');
		expect(answer).not.toMatch(/abcdef|guess/);
	});

	test('gets nothing of the body back', async () => {
		const trigger = new BuiltTrigger();
		for (const body of ['<script>guess</script>', 'leads[chat][0][id]=1&x=guess', '{"guess":']) {
			const { answer }: WebhookOutcome = await trigger.receive({ body });
			expect(JSON.stringify(answer)).not.toContain('guess');
		}
	});

	test('cannot have an expression evaluated', async () => {
		const body = 'leads[chat][0][text]={{ 6 * 7 }}&leads[chat][0][name]=%3D{{ $env.HOME }}';
		const { outputs } = await new BuiltTrigger().receive({ body });
		expect(outputs?.[4]).toMatchObject([{ text: '{{ 6 * 7 }}', name: '={{ $env.HOME }}' }]);
	});

	describe('while the trigger asks Kommo', () => {
		const hosts: string[] = [];

		beforeAll(() => {
			process.env.NO_PROXY = '*';
			const findNothing = (host: string, _options: object, callback: (error: Error) => void) => {
				hosts.push(host);
				callback(Object.assign(new Error(`No ${host} in this test`), { code: 'ENOTFOUND' }));
			};
			jest.spyOn(dns, 'lookup').mockImplementation(findNothing as typeof dns.lookup);
		});

		afterAll(() => {
			jest.restoreAllMocks();
		});

		test.each([
			['a link to its account', 'account[_links][self]=https://example.com'],
			['a link to its record', 'leads[chat][0][_links][self][href]=https://example.com'],
			['an address for an id', 'leads[chat][1][id]=@example.com/&leads[chat][1][pipeline_id]=//'],
		])("cannot send it to another host than the account's own with %s", async (_, attempt) => {
			const trigger = new BuiltTrigger({
				parameters: {
					authentication: 'accessToken',
					options: { enrich: ['record', 'contact'], enrichmentTimeLimit: 1000 },
				},
				credentials: { kommoPipelineAccessTokenApi: { account: 'acme', accessToken: 'secret' } },
			});
			hosts.length = 0;
			const outcome = await trigger.receive({ body: `leads[chat][0][id]=1&${attempt}` });
			expect(new Set(hosts)).toEqual(new Set(['acme.kommo.com']));
			expect(JSON.stringify(outcome)).not.toContain('secret');
		});
	});
});
