import schema from '../../nodes/KommoPipelineTrigger/__schema__/v1.1.0.json';
import { readRequest, TRIGGER } from '../../scripts/n8n/example';
import { httpBuildQuery } from '../../scripts/kommo/httpBuildQuery';
import { postAsKommo } from '../../scripts/kommo/request';
import { readWire } from '../support/wire';
import { Instance, makeWorkflow, START_TIMEOUT } from '../support/instance';

jest.setTimeout(60_000);

const TOKEN = 'correct-horse-battery';
const CREDENTIAL = 'kommoPipelineWebhookTokenApi';

const withToken = (id: string) => ({ [CREDENTIAL]: { id, name: id } });
const workflows = {
	routed: makeWorkflow('Routed', {}),
	single: makeWorkflow('Single', { outputMode: 'single' }),
	filtered: makeWorkflow('Filtered', {
		events: ['status', 'chat'],
		filters: { entities: ['leads'], accountSubdomain: ' ACME ', ignoreUnchangedStages: true },
		options: { includeRawBody: true },
	}),
	verified: makeWorkflow('Verified', { verification: 'urlToken' }, withToken('long')),
};
const refused = makeWorkflow('Refused', { verification: 'urlToken' }, withToken('short'));

type WorkflowName = keyof typeof workflows;

let instance: Instance<WorkflowName>;

beforeAll(async () => {
	instance = await Instance.start({
		workflows,
		drafts: [refused],
		credentials: [
			{ id: 'long', name: 'Long enough', type: CREDENTIAL, data: { token: TOKEN } },
			{ id: 'short', name: 'Too short', type: CREDENTIAL, data: { token: 'short' } },
		],
	});
}, START_TIMEOUT);

afterAll(async () => {
	await instance?.stop();
});

const urlOf = (name: WorkflowName) => instance.urlOf(name);
const countExecutions = async (name: WorkflowName) => (await instance.listExecutions(name)).length;

/** Sends a request, and gives the answer and the branches that ran with their items. */
async function runWith(name: WorkflowName, send: () => Promise<Response>) {
	const { response, execution } = await instance.run(name, send);
	const { [TRIGGER]: outputs, ...branches } = execution.nodes;
	return {
		answer: { status: response.status, body: await response.text() },
		execution,
		outputs,
		branches: Object.fromEntries(Object.entries(branches).map(([node, [items]]) => [node, items])),
	};
}

const OK = { status: 200, body: '' };

describe('an active workflow in a real n8n', () => {
	const lead = { entity: 'leads', id: 4831596, status_id: 16203337, pipeline_id: 752662 };
	const account = { id: 29085955, subdomain: 'acme', _links: { self: 'https://acme.kommo.com' } };

	test.each([
		['status', 'Stage', { ...lead, old_status_id: 16203334, old_pipeline_id: 752662 }],
		['add', 'Lead Added', lead],
		['mail_in', 'Email', lead],
		['call_in', 'Call', lead],
		['chat', 'Chat', { entity: 'customers', id: 91730, status_id: 4051, pipeline_id: 0 }],
		['site_visit', 'Site Visit', lead],
		['period', 'Period', { entity: 'customers', id: 91730, period_id: 2, old_period_id: 1 }],
	])('runs only the branch of %s: %s', async (event, branch, record) => {
		const { answer, execution, branches } = await runWith('routed', () =>
			postAsKommo(urlOf('routed'), readRequest(event)),
		);
		expect(answer).toEqual(OK);
		expect(execution).toMatchObject({ status: 'success', mode: 'webhook' });
		expect(branches).toEqual({ [branch]: [{ event, ...record, account }] });
	});

	test('runs each branch with its own events of one request', async () => {
		const body =
			'leads[status][0][id]=1&leads[status][1][id]=2&customers[chat][5][id]=3&talk[add][0][id]=x';
		const { branches } = await runWith('routed', () => postAsKommo(urlOf('routed'), body));
		expect(branches).toEqual({
			Stage: [
				{ event: 'status', entity: 'leads', id: 1 },
				{ event: 'status', entity: 'leads', id: 2 },
			],
			Chat: [{ event: 'chat', entity: 'customers', id: 3 }],
			Other: [{ event: 'add', entity: 'talk', id: 'x' }],
		});
	});

	test('loses none of 450 records in one request', async () => {
		const records = Array.from({ length: 450 }, (_, index) => ({
			id: index + 1,
			status_id: 142,
			pipeline_id: 7,
			old_status_id: 9,
			old_pipeline_id: 7,
		}));
		const { answer, branches } = await runWith('routed', () =>
			postAsKommo(urlOf('routed'), httpBuildQuery({ leads: { status: records } })),
		);
		expect(answer).toEqual(OK);
		expect(branches).toEqual({
			Stage: records.map((record) => ({ event: 'status', entity: 'leads', ...record })),
		});
	});

	const form = 'leads[chat][0][id]=1&leads[chat][0][text]=%C3%A9+%26+1';
	const json = '{"leads":{"chat":[{"id":"1","text":"é & 1"}]}}';
	const multipart = new FormData();
	multipart.append('leads[chat][0][id]', '1');
	multipart.append('leads[chat][0][text]', 'é & 1');

	test.each([
		['a form without a content type', { body: Buffer.from(form) }],
		['multipart', { body: multipart }],
		['JSON', { body: json, headers: { 'content-type': 'application/json' } }],
	])('reads %s', async (_, request: RequestInit) => {
		const { answer, branches } = await runWith('routed', () =>
			fetch(urlOf('routed'), { method: 'POST', ...request }),
		);
		expect(answer).toEqual(OK);
		expect(branches).toEqual({
			Chat: [{ event: 'chat', entity: 'leads', id: 1, text: 'é & 1' }],
		});
	});

	test('runs with what is selected and passes the filters, and with the raw body', async () => {
		const body = `${readWire('status')}&leads[mail_in][0][id]=1&contacts[add][0][id]=2`;
		const { branches } = await runWith('filtered', () => postAsKommo(urlOf('filtered'), body));
		expect(branches).toEqual({
			Stage: [expect.objectContaining({ event: 'status', id: 926659, raw_body: body })],
		});
	});

	test('does not run, and answers 400, when it is no webhook of Kommo', async () => {
		const before = await countExecutions('routed');
		for (const body of ['', '<html></html>', 'foo=bar', 'leads=1', '[]', 'account[id]=1']) {
			const response = await postAsKommo(urlOf('routed'), body);
			expect(response.status).toBe(400);
			expect(await response.json()).toEqual({ message: expect.stringContaining('expected') });
		}
		expect(await countExecutions('routed')).toBe(before);
	});

	test('answers 64 kB of a text that is never closed at once, while another request passes', async () => {
		const body = `{"${'\\"'.repeat(2 ** 15)} 1234567890123456`;
		const [hostile, other] = await Promise.all([
			fetch(urlOf('routed'), { method: 'POST', body, headers: { 'content-type': 'text/plain' } }),
			runWith('single', async () => await postAsKommo(urlOf('single'), readWire('status'))),
		]);
		expect([hostile.status, other.answer.status]).toEqual([400, 200]);
	});

	test('does not run, and answers 413, when n8n finds the body too large', async () => {
		const before = await countExecutions('routed');
		const body = Buffer.alloc(17 * 1024 * 1024, 'a');
		const response = await fetch(urlOf('routed'), { method: 'POST', body });
		expect(response.status).toBe(413);
		expect(await countExecutions('routed')).toBe(before);
	});

	test('runs with the token in the URL, which is nowhere in the execution', async () => {
		const { answer, execution, branches } = await runWith('verified', () =>
			postAsKommo(`${urlOf('verified')}?token=${TOKEN}`, readRequest('chat')),
		);
		expect(answer).toEqual(OK);
		expect(Object.keys(branches)).toEqual(['Chat']);
		expect(JSON.stringify(execution)).not.toContain(TOKEN);
	});

	test('does not run, and answers 401, without the token or with a wrong one', async () => {
		const before = await countExecutions('verified');
		for (const query of [
			'',
			'?token=',
			'?token=incorrect-horse-batt',
			`?token=${TOKEN}&token=${TOKEN}`,
		]) {
			const response = await postAsKommo(urlOf('verified') + query, readRequest('chat'));
			expect(response.status).toBe(401);
			expect(await response.json()).toEqual({ message: expect.stringContaining('?token=') });
		}
		expect(await countExecutions('verified')).toBe(before);
	});

	test('cannot be activated with a token that is too short', async () => {
		await expect(instance.rest.publish(refused.workflow.id)).rejects.toThrow(
			/at least 16 characters, not 5/,
		);
	});

	test("gives the editor the schema of the trigger's items", async () => {
		const file = 'schemas/n8n-nodes-kommo-pipeline.kommoPipelineTrigger/1.1.0.json';
		const response = await fetch(`${instance.n8n.url}/${file}`);
		expect(await response.json()).toEqual(schema);
	});

	test('leaves no token in the log', () => {
		expect(instance.n8n.log).toContain('n8n ready');
		expect(instance.n8n.log).not.toContain(TOKEN);
	});
});
