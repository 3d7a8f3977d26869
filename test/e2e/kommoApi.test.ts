import { stringify } from 'qs';

import { TRIGGER } from '../../scripts/n8n/example';
import { postAsKommo } from '../../scripts/kommo/request';
import { chooseVersion } from '../../scripts/n8n/versions';
import { Instance, makeWorkflow, START_TIMEOUT, type Hooked } from '../support/instance';
import { makeContact, makeLead, USER } from '../../scripts/kommo/standIn/api';
import { ACCESS_TOKEN } from '../../scripts/kommo/standIn/tokens';
import type { KommoStandIn } from '../../scripts/kommo/standIn/kommoStandIn';
import { startWithKommo } from '../support/withKommo';

jest.setTimeout(60_000);

const IS_N8N_1 = chooseVersion().number.startsWith('1.');
const TOKEN_TYPE = 'kommoPipelineAccessTokenApi';
const OAUTH2_TYPE = 'kommoPipelineOAuth2Api';
const NODE_TYPE = 'n8n-nodes-kommo-pipeline.kommoPipelineTrigger';
const SECRETS = [ACCESS_TOKEN, 'client-secret', 'access-', 'refresh-'];

const account = { id: 29085955, subdomain: 'acme' };
const tokenCredential = { [TOKEN_TYPE]: { id: 'token', name: 'Token' } };
const oAuth2Client = { account: 'acme', clientId: 'client-id', clientSecret: 'client-secret' };
const connected = {
	...oAuth2Client,
	oauthTokenData: { access_token: ACCESS_TOKEN, token_type: 'Bearer' },
};
const elsewhere = { ...connected, account: 'acme.example.com' };

const withToken = (name: string, parameters: object) =>
	makeWorkflow(name, { authentication: 'accessToken', ...parameters }, tokenCredential);

const ALL = ['names', 'record', 'contact', 'responsibleUser'];
const workflows = {
	names: withToken('Names', { options: { enrich: ['names'] } }),
	record: withToken('Record', { options: { enrich: ['record'] } }),
	all: withToken('All', { options: { enrich: ALL, enrichmentTimeLimit: 1900 } }),
	oAuth2: makeWorkflow(
		'OAuth2',
		{
			authentication: 'oAuth2',
			options: { enrich: ['names', 'record'], enrichmentTimeLimit: 1900 },
		},
		{ [OAUTH2_TYPE]: { id: 'oauth2', name: 'OAuth2' } },
	),
	unconnected: makeWorkflow(
		'Unconnected',
		{ authentication: 'oAuth2', options: { enrich: ['record'] } },
		{ [OAUTH2_TYPE]: { id: 'never', name: 'Never connected' } },
	),
	requestByToken: withRequest(withToken('Request by token', {}), TOKEN_TYPE, tokenCredential),
	requestByOAuth2: withRequest(makeWorkflow('Request by OAuth2', {}), OAUTH2_TYPE, {
		[OAUTH2_TYPE]: { id: 'connected', name: 'Connected' },
	}),
};

/** The workflow with an HTTP Request in its branch Stage that reads the lead with the credential. */
function withRequest({ workflow, webhookPath }: Hooked, type: string, credentials: object): Hooked {
	const parameters = {
		url: '=https://acme.kommo.com/api/v4/leads?filter[id][]={{ $json.id }}',
		authentication: 'predefinedCredentialType',
		nodeCredentialType: type,
		// Kommo answers with application/hal+json, which n8n takes for text.
		options: { response: { response: { responseFormat: 'json' } } },
	};
	const request = { type: 'n8n-nodes-base.httpRequest', typeVersion: 4.3, parameters, credentials };
	const nodes = workflow.nodes.map((node) =>
		node.name === 'Stage' ? { ...node, ...request } : node,
	);
	return { workflow: { ...workflow, nodes }, webhookPath };
}

let kommo: KommoStandIn;
let instance: Instance<keyof typeof workflows>;
let stop: (() => Promise<void>) | undefined;

beforeAll(async () => {
	({ kommo, instance, stop } = await startWithKommo({
		workflows,
		credentials: [
			{
				id: 'token',
				name: 'Token',
				type: TOKEN_TYPE,
				data: { account: 'https://acme.kommo.com/leads/', accessToken: ACCESS_TOKEN },
			},
			{
				id: 'oauth2',
				name: 'OAuth2',
				type: OAUTH2_TYPE,
				data: {
					...oAuth2Client,
					oauthTokenData: {
						token_type: 'Bearer',
						access_token: 'access-1',
						refresh_token: 'refresh-1',
					},
				},
			},
			{ id: 'connected', name: 'Connected', type: OAUTH2_TYPE, data: connected },
			{ id: 'elsewhere', name: 'Elsewhere', type: OAUTH2_TYPE, data: elsewhere },
			{ id: 'unconnected', name: 'Unconnected', type: OAUTH2_TYPE, data: oAuth2Client },
			{ id: 'never', name: 'Never connected', type: OAUTH2_TYPE, data: oAuth2Client },
		],
	}));
}, START_TIMEOUT);

afterAll(async () => {
	await stop?.();
});

beforeEach(() => {
	kommo.fault = undefined;
	kommo.received.length = 0;
});

const status = (id: number) => ({
	id,
	status_id: 142,
	pipeline_id: 7,
	old_status_id: 10,
	old_pipeline_id: 7,
});
const event = (id: number) => ({ event: 'status', entity: 'leads', ...status(id), account });
const names = {
	pipeline_name: 'Sales',
	status_name: 'Closed - won',
	old_pipeline_name: 'Sales',
	old_status_name: 'Negotiation',
};

/** Sends a payload; gives all items of the execution. */
async function receiveOnce(name: keyof typeof workflows, payload: object) {
	const { response, execution } = await instance.run(name, async (url) =>
		postAsKommo(url, stringify(payload)),
	);
	return { status: response.status, items: (execution.nodes[TRIGGER] ?? []).flat() };
}

/** Sends it again when a busy machine has taken the time that the trigger gives to Kommo. */
async function receive(name: keyof typeof workflows, payload: object) {
	for (let tries = 1; ; tries++) {
		const outcome = await receiveOnce(name, payload);
		const isLate = JSON.stringify(outcome.items).includes('longer than');
		if (!isLate || tries === 5) return outcome;
		kommo.received.length = 0;
	}
}

const stageChange = (id: number) => ({ leads: { status: [status(id)] }, account });

describe('the credentials', () => {
	const test = (id: 'token' | 'connected' | 'elsewhere', data: object) =>
		instance.rest.testCredential(id, data);

	it.each(['acme', 'acme.kommo.com', ' https://ACME.kommo.com/leads/?page=2 '])(
		'show green for the account address "%s"',
		async (address) => {
			const data = { account: address, accessToken: ACCESS_TOKEN };
			expect(await test('token', data)).toMatchObject({ status: 'OK' });
			expect(kommo.takePaths()).toEqual(['/api/v4/account']);
		},
	);

	it('show red for a wrong token', async () => {
		const data = { account: 'acme', accessToken: 'wrong' };
		expect(await test('token', data)).toMatchObject({ status: 'Error' });
	});

	it('refuse a host that is not one of Kommo, and send it nothing', async () => {
		for (const address of ['acme.kommo.com.example.com', 'https://acme.kommo.com@example.com']) {
			expect(await test('token', { account: address, accessToken: ACCESS_TOKEN })).toEqual({
				status: 'Error',
				message: expect.stringContaining('must be that of a Kommo account'),
			});
		}
		expect(kommo.takePaths()).toEqual([]);
	});

	it.each([
		['an access token', 'token', { account: 'acme', accessToken: ACCESS_TOKEN }],
		['OAuth2', 'connected', connected],
	] as const)('do not follow a redirect to another host with %s', async (_, id, data) => {
		kommo.fault = ({ host }) =>
			host === 'acme.kommo.com'
				? { statusCode: 302, headers: { location: 'https://other.kommo.com/api' } }
				: { statusCode: 200 };
		expect(await test(id, data)).toMatchObject({ status: 'Error' });
		expect(kommo.received.map(({ host }) => host)).toEqual(['acme.kommo.com']);
	});

	it('refuse a host that is not one of Kommo for OAuth2 too, and send it nothing', async () => {
		const { status, message } = await test('elsewhere', elsewhere);
		const hosts = kommo.received.map(({ host }) => host);
		// n8n 1.x does not ask the credential first, and sends to the host that stands for none.
		expect({ status, message, hosts }).toEqual({
			status: 'Error',
			message: expect.stringContaining(
				IS_N8N_1 ? 'Bad gateway' : 'must be that of a Kommo account',
			),
			hosts: IS_N8N_1 ? ['account-address-is-not-one-of-kommo.invalid'] : [],
		});
	});

	it.each(['requestByToken', 'requestByOAuth2'] as const)(
		"give n8n's HTTP Request access to Kommo: %s",
		async (name) => {
			const { execution } = await instance.run(name, async (url) =>
				postAsKommo(url, stringify(stageChange(1))),
			);
			expect(execution.status).toBe('success');
			expect(execution.nodes.Stage?.[0]).toMatchObject([{ _embedded: { leads: [makeLead(1)] } }]);
		},
	);

	it('connect OAuth2 at the sign-in page and the host of the account', async () => {
		const signIn = await instance.rest.connectOAuth2('unconnected', 'code-of-ana');
		expect(signIn.origin + signIn.pathname).toBe('https://www.kommo.com/oauth');
		expect(Object.fromEntries(signIn.searchParams)).toMatchObject({
			client_id: 'client-id',
			mode: 'popup',
		});
		expect(kommo.takePaths()).toEqual(['/oauth2/access_token']);
		expect(kommo.tokens).toContain('access-10');
	});
});

describe('the lists in the editor', () => {
	const search = (methodName: string, pipeline: object | undefined, filter?: string) =>
		instance.rest.search({
			path: 'parameters.filters.stages.rules[0].to',
			methodName,
			filter,
			nodeTypeAndVersion: { name: NODE_TYPE, version: 1.1 },
			currentNodeParameters: {
				authentication: 'accessToken',
				filters: { stages: { rules: [{ pipeline }] } },
			},
			credentials: tokenCredential,
		});

	it('have the pipelines in use by name', async () => {
		expect(await search('searchPipelines', undefined)).toEqual([
			{ name: 'Sales', value: 7 },
			{ name: 'Support', value: 8 },
		]);
		expect(await search('searchPipelines', undefined, 'supp')).toEqual([
			{ name: 'Support', value: 8 },
		]);
	});

	it('have the stages of the chosen pipeline', async () => {
		expect(await search('searchStages', { __rl: true, mode: 'list', value: 8 })).toEqual([
			{ name: 'Open', value: 30 },
			{ name: 'Closed - won', value: 142 },
			{ name: 'Closed - lost', value: 143 },
		]);
	});

	it('say what is wrong when Kommo refuses', async () => {
		kommo.fault = () => ({ statusCode: 401 });
		await expect(search('searchPipelines', undefined)).rejects.toThrow('refused the access token');
	});
});

describe('enrichment', () => {
	it('adds the names of pipeline and stage, which are kept', async () => {
		const first = await receive('names', stageChange(1));
		expect(first.items).toEqual([{ ...event(1), ...names }]);
		const second = await receive('names', stageChange(2));
		expect(second.items).toEqual([{ ...event(2), ...names }]);
		expect(kommo.takePaths()).toEqual(['/api/v4/leads/pipelines']);
	});

	it('asks once for up to 250 records', async () => {
		const payload = {
			leads: { status: Array.from({ length: 600 }, (_, index) => status(1000 + index)) },
			account,
		};
		const { items } = await receive('all', payload);
		const paths = kommo.takePaths();
		expect(paths.filter((path) => path === '/api/v4/leads')).toHaveLength(3);
		expect(paths.filter((path) => path === '/api/v4/contacts')).toHaveLength(3);
		expect(items).toHaveLength(600);
		for (const [index, item] of items.entries()) {
			expect(item).toEqual({
				...event(1000 + index),
				...names,
				record: makeLead(1000 + index),
				contact: makeContact(101_000 + index),
				responsible_user: USER,
			});
		}
	});

	it.each([
		['is slow', 'longer than', () => new Promise<never>(() => {})],
		[
			'answers half a JSON',
			'an unexpected answer',
			() => ({ statusCode: 200, body: '{"_embedded":{"le' }),
		],
		['answers HTML', 'gave a page', () => ({ statusCode: 200, body: '<html></html>' })],
		[
			'redirects',
			'(302)',
			() => ({ statusCode: 302, headers: { location: 'https://example.com' } }),
		],
		['closes the connection', 'could not be reached', () => 'close' as const],
	])('lets every event out when Kommo %s', async (_, problem, fault) => {
		kommo.fault = fault;
		const send = problem === 'longer than' ? receiveOnce : receive;
		const { status: code, items } = await send('record', stageChange(1));
		expect(code).toBe(200);
		expect(items).toEqual([{ ...event(1), enrichment_error: expect.stringContaining(problem) }]);
	});

	it('says at once that a credential has to be reconnected that was never connected', async () => {
		const { items } = await receive('unconnected', stageChange(1));
		expect(items).toEqual([
			{ ...event(1), enrichment_error: expect.stringContaining('Reconnect it') },
		]);
		expect(kommo.takePaths()).toEqual([]);
	});

	it('renews an expired OAuth2 token once for all requests that meet it', async () => {
		// On a busy machine the first event's time may be over before the token is renewed.
		let items: unknown[] = [];
		for (let tries = 0; tries < 5 && !JSON.stringify(items).includes('"record"'); tries++) {
			({ items } = await receiveOnce('oAuth2', stageChange(1)));
		}
		expect(items).toEqual([{ ...event(1), ...names, record: makeLead(1) }]);
		const renewals = kommo.takePaths().filter((path) => path === '/oauth2/access_token');
		expect(renewals).toHaveLength(1);
	});

	it('renews it again with the refresh token that came with it', async () => {
		kommo.tokens.delete('access-2');
		const { items } = await receive('oAuth2', stageChange(2));
		expect(items).toEqual([{ ...event(2), ...names, record: makeLead(2) }]);
		expect(kommo.tokens).toContain('access-3');
	});

	it('says that a credential has to be reconnected whose refresh token is revoked', async () => {
		kommo.tokens.clear();
		kommo.usedRefreshTokens.add('refresh-3');
		const { items } = await receive('oAuth2', stageChange(1));
		kommo.tokens.add(ACCESS_TOKEN);
		expect(items).toEqual([
			{ ...event(1), ...names, enrichment_error: expect.stringContaining('Reconnect it') },
		]);
	});

	it('leaves no secret in any execution, nor in the log', async () => {
		for (const name of Object.keys(workflows) as Array<keyof typeof workflows>) {
			for (const { id } of await instance.listExecutions(name)) {
				const execution = await instance.rest.getRawExecution(id);
				for (const secret of SECRETS) expect(execution).not.toContain(secret);
			}
		}
		for (const secret of SECRETS) expect(instance.n8n.log).not.toContain(secret);
	});
});
