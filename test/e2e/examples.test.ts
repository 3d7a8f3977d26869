import { isTrigger, readRequest } from '../../scripts/n8n/example';
import { httpBuildQuery } from '../../scripts/kommo/httpBuildQuery';
import { postAsKommo } from '../../scripts/kommo/request';
import { CHAT_HOST, ChatStandIn } from '../support/chatStandIn';
import { Instance, START_TIMEOUT, useExample, type Hooked } from '../support/instance';
import { ACCESS_TOKEN } from '../../scripts/kommo/standIn/tokens';
import type { KommoStandIn } from '../../scripts/kommo/standIn/kommoStandIn';
import { PUBLIC_ADDRESS, startWithKommo } from '../support/withKommo';
import { makeVoiceMessage } from '../support/voiceMessage';

jest.setTimeout(60_000);

const DAY = 24 * 60 * 60_000;

const TOKEN_TYPE = 'kommoPipelineAccessTokenApi';

const CREDENTIALS = { [TOKEN_TYPE]: { id: 'token', name: 'Token' } };

/** What n8n takes for its own address, and registers in Kommo */

const workflows = {
	routed: useExample('route-by-event.json'),
	won: useExample('won-lead-to-team.json'),
	wonWithNames: useExample(
		'won-lead-to-team.json',
		{
			authentication: 'accessToken',
			options: {
				enrich: ['names', 'record', 'contact', 'responsibleUser'],
				enrichmentTimeLimit: 1900,
			},
		},
		CREDENTIALS,
	),
	messages: useExample('message-to-team.json', {}, CREDENTIALS),
	switched: useExample('single-output-switch.json'),
};

/** In Kommo's terms */
const CONTRACT = { id: 20, pipeline_id: 7 };

/** As it is imported, without access to Kommo */
const taskDraft = useExample('stage-change-to-task.json');

const taskForContract = withCredentials(
	useExample('stage-change-to-task.json', {
		filters: {
			stages: { rules: [{ pipeline: byId(CONTRACT.pipeline_id), to: byId(CONTRACT.id) }] },
		},
	}),
);

const chat = new ChatStandIn();
let kommo: KommoStandIn;
let instance: Instance<keyof typeof workflows>;
let stop: (() => Promise<void>) | undefined;

beforeAll(async () => {
	({ kommo, instance, stop } = await startWithKommo({
		workflows,
		drafts: [taskDraft, taskForContract],
		credentials: [
			{
				id: 'token',
				name: 'Token',
				type: TOKEN_TYPE,
				data: { account: 'acme', accessToken: ACCESS_TOKEN },
			},
		],
		otherHosts: { [CHAT_HOST]: async (request) => await chat.answer(request) },
	}));
}, START_TIMEOUT);

afterAll(async () => {
	await stop?.();
});

beforeEach(() => {
	kommo.fault = undefined;
	chat.failures = 0;
	chat.messages.length = 0;
	kommo.tasks.created.length = 0;
	kommo.tasks.nextStatuses.length = 0;
});

/** Sends a payload, or a body; gives the execution with the items that left each node but the trigger. */
async function run(name: keyof typeof workflows, payload: object | string) {
	const body = typeof payload === 'string' ? payload : httpBuildQuery(payload);
	return await runBy(name, (url) => postAsKommo(url, body));
}

async function runBy(name: keyof typeof workflows, send: (url: string) => Promise<Response>) {
	const { execution } = await instance.run(name, send);
	const { [triggerOf(name)]: events, ...nodes } = execution.nodes;
	return { id: execution.id, status: execution.status, events, nodes };
}

/** Runs the workflow in the editor with its pinned items; gives the items that left each node but the trigger. */
async function runPinned(name: keyof typeof workflows) {
	const { status, mode, nodes } = await instance.runPinned(name);
	const { [triggerOf(name)]: pinned, ...others } = nodes;
	expect({ status, mode }).toEqual({ status: 'success', mode: 'manual' });
	expect(pinned?.[0]).not.toHaveLength(0);
	return others;
}

const triggerOf = (name: keyof typeof workflows) =>
	workflows[name].workflow.nodes.find(isTrigger)!.name;

describe('route-by-event.json', () => {
	it('runs the branch of a stage change with the pinned sample', async () => {
		expect(await runPinned('routed')).toEqual({
			Stage: [[expect.objectContaining({ event: 'status', id: 4831596 })]],
		});
	});
});

describe('won-lead-to-team.json', () => {
	const account = { id: 29085955, subdomain: 'acme' };
	const wonLead = (id: number) => ({ id, status_id: 142, pipeline_id: 7, old_status_id: 10 });
	const won = (...ids: number[]) => ({ leads: { status: ids.map(wonLead) }, account });
	const link = (id: number) => `https://acme.kommo.com/leads/detail/${id}`;

	it('posts the pinned sample', async () => {
		expect(Object.keys(await runPinned('won'))).toEqual(['Compose Message', 'Post to Team Chat']);
		expect(chat.messages).toEqual([`Lead 4831596 was won: ${link(4831596)}`]);
	});

	it('posts a link to a won lead without access to Kommo', async () => {
		const { status, nodes } = await run('won', won(1));
		const text = `Lead 1 was won: ${link(1)}`;
		expect(status).toBe('success');
		expect(Object.keys(nodes)).toEqual(['Compose Message', 'Post to Team Chat']);
		expect(nodes['Compose Message']).toEqual([[{ text }]]);
		expect(chat.messages).toEqual([text]);
	});

	it('posts a link to a lead that was created as won', async () => {
		await run('won', {
			leads: {
				add: [
					{ id: 1, status_id: 142 },
					{ id: 2, status_id: 10 },
				],
			},
			account,
		});
		expect(chat.messages).toEqual([`Lead 1 was won: ${link(1)}`]);
	});

	it('does not run for a lead that moved to another stage', async () => {
		const before = (await instance.listExecutions('won')).length;
		const lost = { leads: { status: [{ ...wonLead(1), status_id: 143 }] }, account };
		await postAsKommo(instance.urlOf('won'), httpBuildQuery(lost));
		await run('won', won(2));
		expect(await instance.listExecutions('won')).toHaveLength(before + 1);
		expect(chat.messages).toEqual([`Lead 2 was won: ${link(2)}`]);
	});

	it('posts one message for all leads of a request', async () => {
		await run('won', won(1, 2));
		expect(chat.messages).toEqual([`Lead 1 was won: ${link(1)}\nLead 2 was won: ${link(2)}`]);
	});

	it("links to amoCRM when the account is there, and to no other's site", async () => {
		const at = (self: string) => ({ ...won(1), account: { ...account, _links: { self } } });
		await run('won', at('https://acme.amocrm.ru'));
		await run('won', at('https://acme.kommo.com.example.com'));
		expect(chat.messages).toEqual([
			'Lead 1 was won: https://acme.amocrm.ru/leads/detail/1',
			'Lead 1 was won.',
		]);
	});

	it('posts no link when it does not know the account, or not as one', async () => {
		await run('won', { leads: won(1).leads });
		await run('won', { ...won(1), account: { subdomain: 'example.com/' } });
		expect(chat.messages).toEqual(['Lead 1 was won.', 'Lead 1 was won.']);
	});

	it('posts the names with access to Kommo', async () => {
		// The first request opens the connections to Kommo, which can take all its time on a busy machine.
		await run('wonWithNames', won(1));
		chat.messages.length = 0;
		await run('wonWithNames', won(1));
		expect(chat.messages).toEqual([
			`Lead 1 (1000) with Contact 100001 was won by Ana Souza in Sales: ${link(1)}`,
		]);
	});

	it('leaves out what Kommo does not tell', async () => {
		kommo.fault = ({ path }) => ({
			statusCode: 200,
			body: path.startsWith('/api/v4/leads?')
				? JSON.stringify({ _embedded: { leads: [{ id: 1, name: 'Ten chairs', price: 0 }] } })
				: '<html></html>',
		});
		await run('wonWithNames', { leads: { status: [{ ...wonLead(1), pipeline_id: 99 }] }, account });
		expect(chat.messages).toEqual([`Ten chairs was won: ${link(1)}`]);
	});

	it('posts the link when Kommo refuses', async () => {
		kommo.fault = () => ({ statusCode: 401 });
		const { events } = await run('wonWithNames', won(2));
		expect(events?.[0]).toEqual([
			expect.objectContaining({ enrichment_error: expect.stringContaining('(401)') }),
		]);
		expect(chat.messages).toEqual([expect.stringMatching(/^Lead 2 was won.*: https:/)]);
	});

	it('does not run for an event that is not chosen', async () => {
		const before = (await instance.listExecutions('won')).length;
		await postAsKommo(instance.urlOf('won'), readRequest('other'));
		await run('won', won(3));
		expect(await instance.listExecutions('won')).toHaveLength(before + 1);
		expect(chat.messages).toEqual([`Lead 3 was won: ${link(3)}`]);
	});

	it('cuts a message that is too long for a chat', async () => {
		await run('won', won(...Array.from({ length: 100 }, (_, index) => index + 1)));
		expect(chat.messages).toEqual([expect.stringMatching(/^Lead 1 was won/)]);
		expect(chat.messages[0]).toHaveLength(4000);
	});

	it('lets nobody call everybody in the chat', async () => {
		const leads = [{ id: 1, name: '<!channel> @all' }];
		kommo.fault = () => ({ statusCode: 200, body: JSON.stringify({ _embedded: { leads } }) });
		await run('wonWithNames', won(1));
		expect(chat.messages[0]).toMatch(/^‹!channel› ＠all/);
	});

	it('tries again when the chat fails, and posts once', async () => {
		chat.failures = 1;
		const { status } = await run('won', won(1, 2));
		expect(status).toBe('success');
		expect(chat.messages).toHaveLength(1);
	});

	it('fails visibly when the chat stays away, and posts everything when it is retried', async () => {
		chat.failures = 3;
		const { id, status, nodes } = await run('won', won(1, 2));
		const texts = [`Lead 1 was won: ${link(1)}`, `Lead 2 was won: ${link(2)}`];
		expect({ status, messages: chat.messages }).toEqual({ status: 'error', messages: [] });
		expect(nodes['Compose Message']).toEqual([texts.map((text) => ({ text }))]);

		expect(await instance.rest.retryExecution(Number(id))).toMatchObject({ status: 'success' });
		expect(chat.messages).toEqual([texts.join('\n')]);
	});
});

describe('message-to-team.json', () => {
	const link = (id: number) => `https://acme.kommo.com/leads/detail/${id}`;
	const question = 'Olá! What does it cost?';
	const registered = () => kommo.webhooks.registered[0]?.destination ?? '';

	/** Lets customers write to the account. */
	const write = async (id: number, records = 1) =>
		await runBy('messages', async () => {
			await kommo.deliveries.happen('add_message', { id, records });
			await kommo.deliveries.settle();
			return new Response(null, { status: Number(kommo.deliveries.made.at(-1)?.status) });
		});

	/** Sends a body to the address that Kommo has. */
	const send = async (body: string) =>
		await runBy('messages', async () =>
			postAsKommo(registered().replace(PUBLIC_ADDRESS, instance.n8n.url), body),
		);

	it('registers itself in Kommo for received messages', async () => {
		const { webhookPath } = workflows.messages;
		await instance.n8n.waitForWebhook(webhookPath);
		expect(kommo.webhooks.registered).toEqual([
			expect.objectContaining({
				destination: expect.stringMatching(`^${PUBLIC_ADDRESS}/webhook/${webhookPath}\\?token=`),
				settings: ['add_message'],
			}),
		]);
	});

	it('posts the pinned sample', async () => {
		expect(Object.keys(await runPinned('messages'))).toEqual([
			'Compose Message',
			'Post to Team Chat',
		]);
		expect(chat.messages).toEqual([
			`Ana Souza (Ten chairs) writes on WhatsApp: ${question} ${link(4831596)}`,
		]);
	});

	it('posts a message with the names of contact and lead', async () => {
		// The first request opens the connections to Kommo, which can take all its time on a busy machine.
		await write(1);
		chat.messages.length = 0;
		const { status, nodes } = await write(1);
		const text = `Contact 7741820 (Lead 1) writes on WhatsApp: ${question} ${link(1)}`;
		expect(status).toBe('success');
		expect(nodes['Compose Message']).toEqual([[{ text }]]);
		expect(chat.messages).toEqual([text]);
	});

	it('posts all messages of a request as one', async () => {
		await write(1, 2);
		expect(chat.messages).toEqual([
			`Contact 7741820 (Lead 1) writes on WhatsApp: ${question} ${link(1)}\n` +
				`Contact 7741820 (Lead 2) writes on WhatsApp: ${question} ${link(2)}`,
		]);
	});

	it('posts the message with the name that came with it when Kommo refuses', async () => {
		kommo.fault = () => ({ statusCode: 401 });
		const { events } = await write(2);
		expect(events?.[0]).toEqual([
			expect.objectContaining({ enrichment_error: expect.stringContaining('(401)') }),
		]);
		expect(chat.messages).toEqual([`Ana writes on WhatsApp: ${question} ${link(2)}`]);
	});

	it('posts the kind and the link of what comes without a text', async () => {
		const file = 'https://drive-c.kommo.com/download/1/voice.ogg';
		await send(makeVoiceMessage(3, file));
		expect(chat.messages).toEqual([
			`Contact 7741820 (Lead 3) writes on WhatsApp: [voice] ${file} ${link(3)}`,
		]);
	});

	it('posts a message of a contact without a lead, over an app that it does not know', async () => {
		await send(
			httpBuildQuery({
				message: {
					add: [{ text: 'Hi\n\nthere', contact_id: 9, entity_type: 'contact', entity_id: 9 }],
				},
				account: { subdomain: 'acme' },
			}),
		);
		expect(chat.messages).toEqual(['Contact 9 writes: Hi there']);
	});

	it('keeps the link of a long message', async () => {
		await send(makeMessage('x'.repeat(5000)));
		expect(chat.messages[0]).toMatch(`xxx ${link(7)}`);
		expect(chat.messages[0]!.length).toBeLessThan(4000);
	});

	it('lets nobody call everybody in the chat', async () => {
		const records = [
			{ id: 7, name: '<!channel>' },
			{ id: 9, name: '@here' },
		];
		kommo.fault = ({ path }) => ({
			statusCode: 200,
			body: JSON.stringify({
				_embedded: path.includes('/leads') ? { leads: records } : { contacts: records },
			}),
		});
		await send(makeMessage('@all <!everyone>'));
		expect(chat.messages).toEqual([`＠here (‹!channel›) writes: ＠all ‹!everyone› ${link(7)}`]);
	});

	it('posts once more what the chat did not take', async () => {
		chat.failures = 1;
		expect((await write(4)).status).toBe('success');
		expect(chat.messages).toHaveLength(1);
	});

	const makeMessage = (text: string) =>
		httpBuildQuery({
			message: { add: [{ text, contact_id: 9, entity_type: 'lead', entity_id: 7 }] },
			account: { subdomain: 'acme' },
		});
});

describe('stage-change-to-task.json', () => {
	const { id: workflowId } = taskForContract.workflow;

	/** Leads move to a stage. */
	const move = (ids: number[], stage = CONTRACT) => {
		for (const entity_id of ids) {
			kommo.events.happen({ entity_id, value_after: [{ lead_status: stage }] });
		}
	};

	/** Publishes the workflow for a moment: n8n polls at once, and goes on from where it stopped. */
	const poll = async () => {
		await instance.rest.publish(workflowId);
		await instance.rest.unpublish(workflowId);
	};

	const pollEvents = async () => {
		const [last] = await instance.rest.listExecutions(workflowId);
		await poll();
		return await instance.rest.waitForExecution(workflowId, last?.id);
	};

	const leadsOf = (tasks: Array<{ entity_id?: number }>) => tasks.map(({ entity_id }) => entity_id);

	const leads = (count: number) => Array.from({ length: count }, (_, index) => 1000 + index);

	beforeAll(poll);

	it('runs with the pinned sample before it has access to Kommo, and creates nothing', async () => {
		const { id } = taskDraft.workflow;
		kommo.received.length = 0;
		const { status, nodes } = await instance.rest.executeManually(id, 'Kommo Polling Trigger');
		expect(status).toBe('success');
		expect(nodes['Compose Task']).toEqual([
			[expect.objectContaining({ text: 'Ten chairs is now in Contract: send the contract' })],
		]);
		expect(kommo.received).toEqual([]);
	});

	it('creates a task for who is responsible for the lead, due tomorrow', async () => {
		move([1]);
		const { status } = await pollEvents();
		expect(status).toBe('success');
		expect(kommo.tasks.created).toEqual([
			[
				{
					text: 'Lead 1 is now in Contract: send the contract',
					complete_till: expect.any(Number),
					responsible_user_id: 938300,
					entity_id: 1,
					entity_type: 'leads',
				},
			],
		]);
		const due = kommo.tasks.created[0]![0]!.complete_till * 1000;
		expect(showInN8n(due)).toBe(`${showInN8n(Date.now() + DAY).split(', ')[0]}, 23:59:00`);
	});

	it('creates none for a lead in another stage', async () => {
		move([2], { id: 142, pipeline_id: 7 });
		move([3]);
		await pollEvents();
		expect(kommo.tasks.created.map(leadsOf)).toEqual([[3]]);
	});

	it('leaves out what Kommo does not tell', async () => {
		move([404]);
		await pollEvents();
		expect(kommo.tasks.created).toEqual([
			[
				{
					text: 'Lead 404 is now in Contract: send the contract',
					complete_till: expect.any(Number),
					entity_id: 404,
					entity_type: 'leads',
				},
			],
		]);
	});

	it('creates at most 50 tasks with a request', async () => {
		move(leads(101));
		expect((await pollEvents()).status).toBe('success');
		expect(kommo.tasks.created.map(({ length }) => length)).toEqual([50, 50, 1]);
		expect(kommo.tasks.created.flatMap(leadsOf)).toEqual(leads(101));
	});

	it('tries again when Kommo fails, and creates each task once', async () => {
		move([5, 6]);
		kommo.tasks.nextStatuses.push(500);
		expect((await pollEvents()).status).toBe('success');
		expect(kommo.tasks.created.map(leadsOf)).toEqual([[5, 6]]);
	});

	it('fails visibly when Kommo stays away, and creates the remaining tasks when it is retried', async () => {
		move(leads(101));
		kommo.tasks.nextStatuses.push(200, 500, 500, 500);
		const { id, status } = await pollEvents();
		expect(status).toBe('error');
		expect(kommo.tasks.created.flatMap(leadsOf)).toEqual(leads(50));

		expect(await instance.rest.retryExecution(Number(id))).toMatchObject({ status: 'success' });
		expect(kommo.tasks.created.flatMap(leadsOf)).toEqual(leads(101));
	});
});

describe('single-output-switch.json', () => {
	it('runs all branches with the pinned samples', async () => {
		const nodes = await runPinned('switched');
		const count = (name: string) => nodes[name]?.flat().length;
		expect(count('Log All Events')).toBe(8);
		expect(nodes['Message or Call']).toEqual([
			[
				{ text: 'Email from lead 4831596' },
				{ text: 'Call from lead 4831596' },
				{ text: 'Chat message from customer 91730' },
			],
		]);
		expect(count('Lead Moved or Added')).toBe(2);
		expect(count('Everything Else')).toBe(3);
	});

	it('logs all events in their order, and groups them', async () => {
		const { status, nodes } = await run('switched', {
			contacts: { add: [{ id: 1 }] },
			leads: {
				chat: [{ id: 2 }],
				status: [{ id: 3 }],
				call_in: [{ id: 4 }],
				add: [{ id: 5 }],
				site_visit: [{ id: 6 }],
			},
			customers: { mail_in: [{ id: 7 }], period: [{ id: 8 }], status: [{ id: 9 }] },
			talk: { add: [{ talk_id: 10 }] },
		});
		const event = (code: string, entity: string, id: number) => ({ event: code, entity, id });
		expect(status).toBe('success');
		expect(nodes['Message or Call']).toEqual([
			[
				{ text: 'Chat message from lead 2' },
				{ text: 'Call from lead 4' },
				{ text: 'Email from customer 7' },
			],
		]);
		expect(nodes['Lead Moved or Added']).toEqual([
			[event('status', 'leads', 3), event('add', 'leads', 5)],
		]);
		expect(nodes['Everything Else']).toEqual([
			[
				event('add', 'contacts', 1),
				event('site_visit', 'leads', 6),
				event('period', 'customers', 8),
				event('status', 'customers', 9),
				{ event: 'add', entity: 'talk', talk_id: 10 },
			],
		]);

		const [log = []] = nodes['Log All Events'] ?? [];
		expect(log.map(({ number, event: code, record_id: id }) => [number, code, id])).toEqual([
			[1, 'add', '1'],
			[2, 'chat', '2'],
			[3, 'status', '3'],
			[4, 'call_in', '4'],
			[5, 'add', '5'],
			[6, 'site_visit', '6'],
			[7, 'mail_in', '7'],
			[8, 'period', '8'],
			[9, 'status', '9'],
			[10, 'add', null],
		]);
		for (const { received, entity } of log) {
			expect(Date.parse(String(received))).toBeGreaterThan(Date.now() - 60_000);
			expect(entity).toMatch(/^(contacts|leads|customers|talk)$/);
		}
	});
});

/** A resource locator as somebody fills it in by id */
function byId(id: number) {
	return { __rl: true, mode: 'id', value: String(id) };
}

/** The workflow with the credential chosen in each node that needs one. */
function withCredentials({ workflow, webhookPath }: Hooked): Hooked {
	const nodes = workflow.nodes.map((node) =>
		isTrigger(node) || 'nodeCredentialType' in node.parameters
			? { ...node, credentials: CREDENTIALS }
			: node,
	);
	return { workflow: { ...workflow, nodes }, webhookPath };
}

/** A time in ms as n8n, in its own time zone, would show it, e.g. `11/25/2026, 23:59:00`. */
function showInN8n(time: number): string {
	return new Date(time).toLocaleString('en-US', {
		timeZone: 'America/New_York',
		hourCycle: 'h23',
		year: 'numeric',
		month: '2-digit',
		day: '2-digit',
		hour: '2-digit',
		minute: '2-digit',
		second: '2-digit',
	});
}
