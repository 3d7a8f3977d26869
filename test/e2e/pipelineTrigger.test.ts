import schema from '../../nodes/KommoPipelineTrigger/__schema__/v1.1.0.json';
import { CHOICES } from '../../nodes/KommoPipelineTrigger/events';
import { httpBuildQuery } from '../../scripts/kommo/httpBuildQuery';
import { postAsKommo } from '../../scripts/kommo/request';
import { makeLead } from '../../scripts/kommo/standIn/leads';
import type { KommoStandIn } from '../../scripts/kommo/standIn/kommoStandIn';
import { ACCESS_TOKEN } from '../../scripts/kommo/standIn/tokens';
import { readRequest, TRIGGER } from '../../scripts/n8n/example';
import { chooseVersion } from '../../scripts/n8n/versions';
import { ADMINISTRATOR } from '../support/accountWorkflow';
import { eventsOf } from '../support/decoded';
import { makeWorkflow, START_TIMEOUT, type Hooked, type Instance } from '../support/instance';
import { startWithKommo } from '../support/withKommo';

jest.setTimeout(60_000);

const IS_N8N_1 = chooseVersion().number.startsWith('1.');
const WEBHOOK_TOKEN = 'correct-horse-battery';
const NODE_TYPE = 'n8n-nodes-kommo-pipeline.kommoPipelineTrigger';
const TOKEN_TYPE = ADMINISTRATOR.type;
const OAUTH2_TYPE = 'kommoPipelineOAuth2Api';
const SECRETS = [WEBHOOK_TOKEN, ACCESS_TOKEN, 'client-secret', 'access-', 'refresh-'];

const account = { id: 29085955, subdomain: 'acme' };
const oAuth2Client = { account: 'acme', clientId: 'client-id', clientSecret: 'client-secret' };
const connected = {
	...oAuth2Client,
	oauthTokenData: { access_token: ACCESS_TOKEN, token_type: 'Bearer' },
};
const elsewhere = { ...connected, account: 'acme.example.com' };
const expiring = {
	...oAuth2Client,
	oauthTokenData: {
		token_type: 'Bearer',
		access_token: 'access-1',
		refresh_token: 'refresh-1',
	},
};

const oAuth2 = (id: string, data: object) => ({ id, name: id, type: OAUTH2_TYPE, data });

const withWebhookToken = {
	kommoPipelineWebhookTokenApi: { id: 'webhook', name: 'webhook' },
};
const withToken = { [TOKEN_TYPE]: { id: ADMINISTRATOR.id, name: ADMINISTRATOR.name } };
const withOAuth2 = (id: string) => ({ [OAUTH2_TYPE]: { id, name: id } });

const byToken = (enrichment: string) =>
	makeWorkflow(
		enrichment,
		{ authentication: 'accessToken', options: { enrich: [enrichment] } },
		withToken,
	);
const byOAuth2 = (id: string, options: object) =>
	makeWorkflow(id, { authentication: 'oAuth2', options }, withOAuth2(id));

const workflows = {
	routed: makeWorkflow('Routed', {}),
	verified: makeWorkflow('Verified', { verification: 'urlToken' }, withWebhookToken),
	names: byToken('names'),
	record: byToken('record'),
	expiring: byOAuth2('expiring', { enrich: ['names', 'record'], enrichmentTimeLimit: 1900 }),
	never: byOAuth2('never', { enrich: ['record'] }),
	requestByToken: withRequest(TOKEN_TYPE, withToken),
	requestByOAuth2: withRequest(OAUTH2_TYPE, withOAuth2('connected')),
};
type Name = keyof typeof workflows;

/** A workflow with an HTTP Request in its branch Stage that reads the lead with the credential. */
function withRequest(type: string, credentials: object): Hooked {
	const { workflow, webhookPath } = makeWorkflow('Request', {});
	const parameters = {
		url: '=https://acme.kommo.com/api/v4/leads?filter[id][]={{ $json.id }}',
		authentication: 'predefinedCredentialType',
		nodeCredentialType: type,
		// Kommo answers with application/hal+json, which n8n treats as text.
		options: { response: { response: { responseFormat: 'json' } } },
	};
	const request = { type: 'n8n-nodes-base.httpRequest', typeVersion: 4.3, parameters, credentials };
	const nodes = workflow.nodes.map((node) =>
		node.name === 'Stage' ? { ...node, ...request } : node,
	);
	return { workflow: { ...workflow, nodes }, webhookPath };
}

let kommo: KommoStandIn;
let instance: Instance<Name>;
let stop: (() => Promise<void>) | undefined;

beforeAll(async () => {
	({ kommo, instance, stop } = await startWithKommo({
		workflows,
		credentials: [
			{
				id: 'webhook',
				name: 'webhook',
				type: 'kommoPipelineWebhookTokenApi',
				data: { token: WEBHOOK_TOKEN },
			},
			ADMINISTRATOR,
			oAuth2('expiring', expiring),
			oAuth2('connected', connected),
			oAuth2('elsewhere', elsewhere),
			oAuth2('unconnected', oAuth2Client),
			oAuth2('never', oAuth2Client),
		],
		// n8n's default, unlike in other tests
		env: { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'false' },
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
const stageChange = (id: number) => httpBuildQuery({ leads: { status: [status(id)] }, account });

describe('a request', () => {
	/** Sends it; gives the answer, and the items of each branch that ran. */
	async function send(name: Name, request: (url: string) => Promise<Response>) {
		const { response, execution } = await instance.run(name, request);
		expect({ status: response.status, body: await response.text() }).toEqual({
			status: 200,
			body: '',
		});
		expect(execution).toMatchObject({ status: 'success', mode: 'webhook' });
		const { [TRIGGER]: outputs, ...branches } = execution.nodes;
		void outputs;
		return Object.fromEntries(Object.entries(branches).map(([node, [items]]) => [node, items]));
	}

	/** Sends it; gives the status of the answer, and its message. No execution may come of it. */
	async function refuse(name: Name, query: string, body: string | Buffer) {
		const before = (await instance.listExecutions(name)).length;
		const response = await fetch(instance.urlOf(name) + query, { method: 'POST', body });
		expect(await instance.listExecutions(name)).toHaveLength(before);
		return [response.status, await response.text()];
	}

	it('runs each branch with its own events', async () => {
		const samples = CHOICES.map(({ code }) => readRequest(code));
		const branches = await send('routed', (url) => postAsKommo(url, samples.join('&')));
		expect(branches).toEqual(
			Object.fromEntries(
				CHOICES.map(({ output }, index) => [output, eventsOf(samples[index]!)] as const),
			),
		);
	});

	const form = 'leads[chat][0][id]=1&leads[chat][0][text]=%C3%A9+%26+1';
	const json = '{"leads":{"chat":[{"id":"1","text":"é & 1"}]}}';
	const multipart = new FormData();
	multipart.append('leads[chat][0][id]', '1');
	multipart.append('leads[chat][0][text]', 'é & 1');

	it.each([
		['a form without a content type', { body: Buffer.from(form) }],
		['multipart', { body: multipart }],
		['JSON', { body: json, headers: { 'content-type': 'application/json' } }],
	])('is read as %s', async (_, request: RequestInit) => {
		const branches = await send('routed', (url) => fetch(url, { method: 'POST', ...request }));
		expect(branches).toEqual({
			Chat: [{ event: 'chat', entity: 'leads', id: 1, text: 'é & 1' }],
		});
	});

	it('gets 400 when it is no webhook of Kommo, and runs nothing', async () => {
		const refusal = [400, expect.stringContaining('expected')];
		expect(await refuse('routed', '', '')).toEqual(refusal);
		expect(await refuse('routed', '', '<html></html>')).toEqual(refusal);
	});

	it('gets 413 when n8n finds the body too large, and runs nothing', async () => {
		const body = Buffer.alloc(17 * 1024 * 1024, 'a');
		expect(await refuse('routed', '', body)).toEqual([413, expect.anything()]);
	});

	it('runs the workflow with the token in the URL', async () => {
		const branches = await send('verified', (url) =>
			postAsKommo(`${url}?token=${WEBHOOK_TOKEN}`, readRequest('chat')),
		);
		expect(Object.keys(branches)).toEqual(['Chat']);
	});

	it('gets 401 with a wrong token, and runs nothing', async () => {
		const refusal = [401, expect.stringContaining('?token=')];
		const query = '?token=incorrect-horse-batt';
		expect(await refuse('verified', query, readRequest('chat'))).toEqual(refusal);
	});
});

describe('the credentials', () => {
	const test = (id: string, data: object) => instance.rest.testCredential(id, data);
	const testToken = (address: string, accessToken = ACCESS_TOKEN) =>
		test(ADMINISTRATOR.id, { account: address, accessToken });

	it('show green for an address of the account, and red for a wrong token', async () => {
		const address = ' https://ACME.kommo.com/leads/?page=2 ';
		expect(await testToken(address)).toMatchObject({ status: 'OK' });
		expect(kommo.takePaths()).toEqual(['/api/v4/account']);
		expect(await testToken(address, 'wrong')).toMatchObject({ status: 'Error' });
	});

	it('refuse a host that is not one of Kommo, and send it nothing', async () => {
		expect(await testToken('acme.kommo.com.example.com')).toEqual({
			status: 'Error',
			message: expect.stringContaining('must be that of a Kommo account'),
		});
		expect(kommo.takePaths()).toEqual([]);
	});

	it('refuse a host that is not one of Kommo for OAuth2 too, and send it nothing', async () => {
		const { status, message } = await test('elsewhere', elsewhere);
		const hosts = kommo.received.map(({ host }) => host);
		// n8n 1.x does not ask the credential first, and sends to the host that stands for a wrong address.
		expect({ status, message, hosts }).toEqual({
			status: 'Error',
			message: expect.stringContaining(
				IS_N8N_1 ? 'Bad gateway' : 'must be that of a Kommo account',
			),
			hosts: IS_N8N_1 ? ['account-address-is-not-one-of-kommo.invalid'] : [],
		});
	});

	it.each([
		['an access token', ADMINISTRATOR.id, ADMINISTRATOR.data],
		['OAuth2', 'connected', connected],
	])('do not follow a redirect to another host with %s', async (_, id, data) => {
		kommo.fault = ({ host }) =>
			host === 'acme.kommo.com'
				? { statusCode: 302, headers: { location: 'https://other.kommo.com/api' } }
				: { statusCode: 200 };
		expect(await test(id, data)).toMatchObject({ status: 'Error' });
		expect(kommo.received.map(({ host }) => host)).toEqual(['acme.kommo.com']);
	});

	it.each(['requestByToken', 'requestByOAuth2'] as const)(
		"give n8n's HTTP Request access to Kommo: %s",
		async (name) => {
			const { execution } = await instance.run(name, (url) => postAsKommo(url, stageChange(1)));
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
	const searchPipelines = (filter?: string) =>
		instance.rest.search({
			path: 'parameters.filters.stages.rules[0].pipeline',
			methodName: 'searchPipelines',
			filter,
			nodeTypeAndVersion: { name: NODE_TYPE, version: 1.1 },
			currentNodeParameters: { authentication: 'accessToken' },
			credentials: withToken,
		});

	it('have the pipelines in use by name', async () => {
		const support = { name: 'Support', value: 8 };
		expect(await searchPipelines()).toEqual([{ name: 'Sales', value: 7 }, support]);
		expect(await searchPipelines('supp')).toEqual([support]);
	});

	it('say what is wrong when Kommo refuses', async () => {
		kommo.fault = () => ({ statusCode: 401 });
		await expect(searchPipelines()).rejects.toThrow('refused the access token');
	});
});

describe('enrichment', () => {
	const event = (id: number) => ({ event: 'status', entity: 'leads', ...status(id), account });
	const names = {
		pipeline_name: 'Sales',
		status_name: 'Closed - won',
		old_pipeline_name: 'Sales',
		old_status_name: 'Negotiation',
	};

	/** Sends a body; gives all items of the execution. */
	async function receiveOnce(name: Name, body: string) {
		const { response, execution } = await instance.run(name, (url) => postAsKommo(url, body));
		expect(response.status).toBe(200);
		return (execution.nodes[TRIGGER] ?? []).flat();
	}

	/** Sends it again if the busy machine has used up the trigger's time limit for Kommo. */
	async function receive(name: Name, body: string) {
		for (let tries = 1; ; tries++) {
			const items = await receiveOnce(name, body);
			const isLate = JSON.stringify(items).includes('longer than');
			if (!isLate || tries === 5) return items;
			kommo.received.length = 0;
		}
	}

	it('adds the names of pipeline and stage, which are kept', async () => {
		expect(await receive('names', stageChange(1))).toEqual([{ ...event(1), ...names }]);
		expect(await receive('names', stageChange(2))).toEqual([{ ...event(2), ...names }]);
		expect(kommo.takePaths()).toEqual(['/api/v4/leads/pipelines']);
	});

	it.each([
		['is slow', 'longer than', () => new Promise<never>(() => {})],
		[
			'answers half a JSON',
			'an unexpected answer',
			() => ({ statusCode: 200, body: '{"_embedded":{"le' }),
		],
		[
			'redirects',
			'(302)',
			() => ({ statusCode: 302, headers: { location: 'https://example.com' } }),
		],
		['closes the connection', 'could not be reached', () => 'close' as const],
	])('lets every event out when Kommo %s', async (_, problem, fault) => {
		kommo.fault = fault;
		const send = problem === 'longer than' ? receiveOnce : receive;
		expect(await send('record', stageChange(1))).toEqual([
			{ ...event(1), enrichment_error: expect.stringContaining(problem) },
		]);
	});

	it('says at once that a credential must be reconnected if it was never connected', async () => {
		expect(await receive('never', stageChange(1))).toEqual([
			{ ...event(1), enrichment_error: expect.stringContaining('Reconnect it') },
		]);
		expect(kommo.takePaths()).toEqual([]);
	});

	it('renews an expired OAuth2 token once for all requests', async () => {
		// On a busy machine the first event's time may be over before the token is renewed.
		let items: unknown[] = [];
		for (let tries = 0; tries < 5 && !JSON.stringify(items).includes('"record"'); tries++) {
			items = await receiveOnce('expiring', stageChange(1));
		}
		expect(items).toEqual([{ ...event(1), ...names, record: makeLead(1) }]);
		const renewals = kommo.takePaths().filter((path) => path === '/oauth2/access_token');
		expect(renewals).toHaveLength(1);
	});

	it('renews it again with the refresh token that came with it, until that is revoked', async () => {
		kommo.tokens.delete('access-2');
		expect(await receive('expiring', stageChange(2))).toEqual([
			{ ...event(2), ...names, record: makeLead(2) },
		]);
		expect(kommo.tokens).toContain('access-3');

		kommo.tokens.delete('access-3');
		kommo.usedRefreshTokens.add('refresh-3');
		expect(await receive('expiring', stageChange(1))).toEqual([
			{ ...event(1), ...names, enrichment_error: expect.stringContaining('Reconnect it') },
		]);
	});
});

test("n8n gives the editor the schema of the trigger's items", async () => {
	const file = 'schemas/n8n-nodes-kommo-pipeline.kommoPipelineTrigger/1.1.0.json';
	const response = await fetch(`${instance.n8n.url}/${file}`);
	expect(await response.json()).toEqual(schema);
});

test('n8n keeps no secret in any execution, nor in the log', async () => {
	for (const name of Object.keys(workflows) as Name[]) {
		const executions = await instance.listExecutions(name);
		expect(executions).not.toEqual([]);
		for (const { id } of executions) {
			const execution = await instance.rest.getRawExecution(id);
			for (const secret of SECRETS) expect(execution).not.toContain(secret);
		}
	}
	expect(instance.n8n.log).toContain('n8n ready');
	for (const secret of SECRETS) expect(instance.n8n.log).not.toContain(secret);
});
