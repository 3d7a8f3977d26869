import { stringify } from 'qs';

import { TRIGGER } from '../../scripts/n8n/example';
import { postAsKommo } from '../../scripts/kommo/request';
import { chooseVersion } from '../../scripts/n8n/versions';
import { Instance, makeWorkflow, START_TIMEOUT, type Hooked } from '../support/instance';
import { makeContact, makeLead, USER } from '../../scripts/kommo/standIn/api';
import { ACCESS_TOKEN } from '../../scripts/kommo/standIn/tokens';
import type { KommoStandIn } from '../../scripts/kommo/standIn/kommoStandIn';
import { makePollingWorkflow, POLLING_TRIGGER, USER_CREDENTIAL } from '../support/pollingWorkflow';
import { startWithKommo } from '../support/withKommo';

jest.setTimeout(60_000);

/** In ms. Kommo waits 2 s, which a busy machine may take by itself; without a limit it would be minutes. */
const LATE = 15_000;

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
	expression: withToken('Expression', { options: { enrich: '={{ "names" }}' } }),
	record: withToken('Record', { options: { enrich: ['record'] } }),
	patient: withToken('Patient', { options: { enrich: ['record'], enrichmentTimeLimit: 1900 } }),
	contact: withToken('Contact', { options: { enrich: ['contact'] } }),
	user: withToken('User', { options: { enrich: ['responsibleUser'] } }),
	message: withToken('Message', { options: { enrich: ['message', 'record'] } }),
	all: withToken('All', { options: { enrich: ALL, enrichmentTimeLimit: 1900 } }),
	oAuth2: makeWorkflow(
		'OAuth2',
		{ authentication: 'oAuth2', options: { enrich: ['names', 'record'] } },
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
	filtered: makeWorkflow(
		'Filtered',
		{
			filters: {
				stages: {
					rules: [
						{ pipeline: byId('7'), from: byId('10'), to: byId('142') },
						{ pipeline: byId('8'), from: byId(''), to: byId('') },
					],
				},
			},
		},
		{},
	),
};

const polling = makePollingWorkflow('Polling', ['incoming_chat_message'], undefined, {
	enrich: ['message'],
});

function byId(value: string) {
	return { __rl: true, mode: 'id', value };
}

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
		drafts: [{ workflow: polling, webhookPath: '' }],
		credentials: [
			USER_CREDENTIAL,
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

/** Sends a payload; gives all items of the execution, and how long the answer took in ms. */
async function receiveOnce(name: keyof typeof workflows, payload: object) {
	const { response, duration, execution } = await instance.run(name, async (url) =>
		postAsKommo(url, stringify(payload)),
	);
	return { status: response.status, duration, items: (execution.nodes[TRIGGER] ?? []).flat() };
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

	it('show green for OAuth2', async () => {
		expect(await test('connected', connected)).toMatchObject({ status: 'OK' });
		expect(kommo.takePaths()).toEqual(['/api/v4/account']);
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

	it('have the stages of all pipelines while none is chosen', async () => {
		const stages = await search('searchStages', undefined);
		expect(stages).toContainEqual({ name: 'Sales: Contract', value: 20 });
		expect(stages).toContainEqual({ name: 'Support: Open', value: 30 });
		expect(stages.filter(({ value }) => value === 142)).toEqual([
			{ name: 'Won (Any Pipeline)', value: 142 },
		]);
	});

	it('say what is wrong when Kommo refuses', async () => {
		kommo.fault = () => ({ statusCode: 401 });
		await expect(search('searchPipelines', undefined)).rejects.toThrow('refused the access token');
	});
});

describe('the stage filter', () => {
	it('lets events pass that match a rule, without credentials', async () => {
		const { items } = await receive('filtered', {
			leads: {
				status: [
					status(1),
					{ ...status(2), old_status_id: 20 },
					{ ...status(3), pipeline_id: 9, old_pipeline_id: 9 },
					{ ...status(4), pipeline_id: 8 },
				],
				chat: [{ id: 5, status_id: 142, pipeline_id: 7 }],
				update: [{ id: 6 }],
			},
			customers: { chat: [{ id: 7 }] },
		});
		expect(items.map(({ id }) => id)).toEqual([1, 4, 7, 6]);
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

	it('takes an enrichment that an expression gives as a text', async () => {
		const { items } = await receive('expression', stageChange(1));
		expect(items).toEqual([{ ...event(1), ...names }]);
	});

	it('adds the record as Kommo returns it', async () => {
		const payload = { leads: { chat: [{ id: 1 }] }, customers: { chat: [{ id: 2 }] }, account };
		const { items } = await receive('record', payload);
		expect(items).toEqual([
			{ event: 'chat', entity: 'leads', id: 1, account, record: makeLead(1) },
			{
				event: 'chat',
				entity: 'customers',
				id: 2,
				account,
				record: { ...makeLead(2), name: 'Customer 2' },
			},
		]);
	});

	it('adds the main contact, and null where there is none', async () => {
		const payload = { leads: { status: [status(1), status(405)] }, account };
		const { items } = await receive('contact', payload);
		expect(items).toEqual([
			{ ...event(1), contact: makeContact(100_001) },
			{ ...event(405), contact: null },
		]);
	});

	it('adds the responsible user, from whatever page of the users', async () => {
		const { items } = await receive('user', stageChange(1));
		expect(items).toEqual([{ ...event(1), responsible_user: USER }]);
		expect(kommo.takePaths().sort()).toEqual(['/api/v4/leads', '/api/v4/users', '/api/v4/users']);
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
		expect(paths).toHaveLength(6);
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

	it('asks at most 7 times a second, and queues the rest', async () => {
		const chat = Array.from({ length: 1760 }, (_, index) => ({ id: 10_000 + index }));
		await new Promise((resolve) => setTimeout(resolve, 1000));
		const { items } = await receive('patient', { leads: { chat } });
		expect(items.filter(({ record }) => record)).toHaveLength(1760);
		const times = kommo.received.map(({ time }) => time).sort((a, b) => a - b);
		expect(times).toHaveLength(8);
		for (const [index, time] of times.slice(7).entries()) {
			// 1100 ms, less what the first requests need to open their connections
			expect(time - times[index]!).toBeGreaterThanOrEqual(500);
		}
	});

	describe('with the latest message', () => {
		const chat = (id: number) => ({ event: 'chat', entity: 'leads', id, account });
		const receiveChats = async (...ids: number[]) =>
			await receive('message', { leads: { chat: ids.map((id) => ({ id })) }, account });

		afterEach(() => {
			kommo.talks.forbidden.clear();
		});

		it('adds the newest of the open talk that changed last, by three requests', async () => {
			for (const [talk_id, updated_at] of [
				[71, 30],
				[72, 20],
			] as const) {
				kommo.talks.open({ talk_id, entity_id: 70, updated_at });
				kommo.talks.write(talk_id, { text: `In talk ${talk_id}` });
			}
			kommo.talks.open({ talk_id: 73, entity_id: 70, updated_at: 40, is_in_work: false });
			kommo.talks.write(73, { text: 'In a closed talk' });
			const { chat_id } = kommo.talks.talks.find(({ talk_id }) => talk_id === 71)!;
			const newest = kommo.talks.write(71, { text: 'How much?', created_at: 2e9 });
			kommo.talks.write(71, { text: 'R$ 100', created_at: 3e9, type: 'outgoing' });

			const { items } = await receiveChats(70);
			expect(items).toEqual([
				{ ...chat(70), message: { ...newest, talk_id: 71, chat_id }, record: makeLead(70) },
			]);
			expect(kommo.takePaths().sort()).toEqual([
				'/api/v4/leads',
				'/api/v4/talks',
				'/api/v4/talks/71/messages',
			]);
		});

		it('adds null where no talk is open, or nothing came in', async () => {
			kommo.talks.open({ talk_id: 75, entity_id: 75, is_in_work: false });
			kommo.talks.write(75);
			kommo.talks.open({ talk_id: 76, entity_id: 76 });
			kommo.talks.write(76, { type: 'outgoing' });
			const { items } = await receiveChats(74, 75, 76);
			expect(items).toEqual(
				[74, 75, 76].map((id) => ({ ...chat(id), message: null, record: makeLead(id) })),
			);
		});

		it('says which scope is missing, and brings the event with its record', async () => {
			kommo.talks.open({ talk_id: 77, entity_id: 77 });
			kommo.talks.forbidden.add('history');
			const { status, items } = await receiveChats(77);
			expect(status).toBe(200);
			expect(items).toEqual([
				{
					...chat(77),
					record: makeLead(77),
					enrichment_error: expect.stringMatching(/\(403\).*External chat history.*amoCRM/),
				},
			]);
		});

		it('loses only the message of a talk that is slow', async () => {
			for (const talk_id of [78, 79]) {
				kommo.talks.open({ talk_id, entity_id: talk_id });
				kommo.talks.write(talk_id, { text: `In talk ${talk_id}` });
			}
			kommo.fault = ({ path }) =>
				path.includes('/talks/78/') ? new Promise<never>(() => {}) : undefined;
			const chats = { leads: { chat: [{ id: 78 }, { id: 79 }] }, account };
			const { duration, items } = await receiveOnce('message', chats);
			expect(duration).toBeLessThan(LATE);
			expect(items).toEqual([
				{
					...chat(78),
					record: makeLead(78),
					enrichment_error: expect.stringContaining('longer than'),
				},
				expect.objectContaining({
					message: expect.objectContaining({ text: 'In talk 79' }),
					record: makeLead(79),
				}),
			]);
		});

		it('adds it to what the polling trigger finds', async () => {
			kommo.talks.open({ talk_id: 80, entity_id: 90, contact_id: 80 });
			kommo.talks.write(80, { text: 'Are you there?' });
			const type = 'incoming_chat_message';
			const message = expect.objectContaining({ text: 'Are you there?', talk_id: 80 });
			for (const [entity_type, entity, id] of [
				['lead', 'leads', 90],
				['contact', 'contacts', 80],
			] as const) {
				kommo.events.happen({ type, entity_id: id, entity_type });
				const { nodes } = await instance.rest.executeManually(polling.id, POLLING_TRIGGER);
				const event = expect.objectContaining({ event: 'chat', entity, id, message });
				expect(nodes[POLLING_TRIGGER]).toEqual([[event]]);
			}
		});
	});

	it('leaves events of another account and what no record belongs to as they are', async () => {
		const { items } = await receive('record', {
			leads: { chat: [{ id: 1 }] },
			unsorted: { add: [{ id: 2 }] },
			account: { id: 1, subdomain: 'other' },
		});
		expect(items).toEqual([
			expect.objectContaining({
				id: 1,
				enrichment_error: expect.stringContaining('another account'),
			}),
			{ event: 'add', entity: 'unsorted', id: 2, account: { id: 1, subdomain: 'other' } },
		]);
		expect(kommo.takePaths()).toEqual([]);
	});

	it('says of a record that Kommo does not return that it is missing', async () => {
		const { items } = await receive('record', { leads: { chat: [{ id: 404 }, { id: 1 }] } });
		expect(items).toEqual([
			expect.objectContaining({ id: 404, enrichment_error: expect.stringContaining('deleted') }),
			expect.objectContaining({ id: 1, record: makeLead(1) }),
		]);
	});

	it.each([
		['is slow', 'longer than', () => new Promise<never>(() => {})],
		['answers 401', '(401)', () => ({ statusCode: 401 })],
		['answers 403', '(403)', () => ({ statusCode: 403 })],
		[
			'answers 429 with Retry-After',
			'(429)',
			() => ({ statusCode: 429, headers: { 'retry-after': '30' } }),
		],
		['answers 500', 'failed (500)', () => ({ statusCode: 500 })],
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
	])('lets every event out in time when Kommo %s', async (_, problem, fault) => {
		kommo.fault = fault;
		const send = problem === 'longer than' ? receiveOnce : receive;
		const { status: code, duration, items } = await send('record', stageChange(1));
		expect(code).toBe(200);
		expect(duration).toBeLessThan(LATE);
		expect(items).toEqual([{ ...event(1), enrichment_error: expect.stringContaining(problem) }]);
	});

	it.each([
		['429', 100, { statusCode: 429 }],
		['429 with Retry-After', 1000, { statusCode: 429, headers: { 'retry-after': '1' } }],
		['a closed connection', 100, 'close' as const],
	])('tries again after %s, at least %i ms later', async (_, pause, fault) => {
		kommo.fault = () => {
			kommo.fault = undefined;
			return fault;
		};
		const { items } = await receive('patient', stageChange(1));
		expect(items).toEqual([{ ...event(1), record: makeLead(1) }]);
		const [first, second] = kommo.received;
		expect(second!.time - first!.time).toBeGreaterThanOrEqual(pause);
	});

	it('sends a refused access token once', async () => {
		kommo.fault = () => ({ statusCode: 401 });
		await receive('record', stageChange(1));
		expect(kommo.takePaths()).toEqual(['/api/v4/leads']);
	});

	it('names what is known when a stage is not', async () => {
		const unknown = { ...status(1), status_id: 99 };
		const { items } = await receive('names', { leads: { status: [unknown] }, account });
		expect(items).toEqual([
			{
				...event(1),
				status_id: 99,
				pipeline_name: 'Sales',
				old_pipeline_name: 'Sales',
				old_status_name: 'Negotiation',
				enrichment_error: expect.stringContaining('10 minutes'),
			},
		]);
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
