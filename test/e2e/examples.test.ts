import { isTrigger } from '../../scripts/n8n/example';
import { httpBuildQuery } from '../../scripts/kommo/httpBuildQuery';
import { postAsKommo } from '../../scripts/kommo/request';
import { ADMINISTRATOR } from '../support/accountWorkflow';
import { CHAT_HOST, ChatStandIn } from '../support/chatStandIn';
import { useFilledExample } from '../support/filledExample';
import { START_TIMEOUT, useExample, type Hooked, type Instance } from '../support/instance';
import type { KommoStandIn } from '../../scripts/kommo/standIn/kommoStandIn';
import { PUBLIC_ADDRESS, startWithKommo } from '../support/withKommo';

jest.setTimeout(60_000);

const DAY = 24 * 60 * 60_000;

/** In Kommo's terms */
const CONTRACT = { id: 20, pipeline_id: 7 };

const workflows = {
	won: fill('won-lead-to-team.json'),
	wonWithNames: fill('won-lead-to-team.json', {
		authentication: 'accessToken',
		options: {
			enrich: ['names', 'record', 'contact', 'responsibleUser'],
			enrichmentTimeLimit: 1900,
		},
	}),
	messages: fill('message-to-team.json'),
	switched: fill('single-output-switch.json'),
};

const toTasks = fill('stage-change-to-task.json', {
	filters: {
		stages: { rules: [{ pipeline: byId(CONTRACT.pipeline_id), to: byId(CONTRACT.id) }] },
	},
});

const linkTo = (id: number) => `https://acme.kommo.com/leads/detail/${id}`;

/** What a node of each example gives for the pinned sample */
const SAMPLES = (
	[
		['route-by-event.json', 'Stage', { event: 'status', id: 4831596 }],
		[
			'won-lead-to-team.json',
			'Compose Message',
			{ text: `Lead 4831596 was won: ${linkTo(4831596)}` },
		],
		[
			'message-to-team.json',
			'Compose Message',
			{
				text: `Ana Souza (Ten chairs) writes on WhatsApp: Olá! What does it cost? ${linkTo(4831596)}`,
			},
		],
		[
			'stage-change-to-task.json',
			'Compose Task',
			{ text: 'Ten chairs is now in Contract: send the contract' },
		],
		['single-output-switch.json', 'Message or Call', { text: 'Email from lead 4831596' }],
	] as const
).map(([file, node, item]) => ({ file, node, item, ...useExample(file) }));

const chat = new ChatStandIn();
let kommo: KommoStandIn;
let instance: Instance<keyof typeof workflows>;
let stop: (() => Promise<void>) | undefined;

beforeAll(async () => {
	({ kommo, instance, stop } = await startWithKommo({
		workflows,
		drafts: [...SAMPLES, toTasks],
		credentials: [ADMINISTRATOR],
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
});

/** Sends a payload; gives the execution. */
async function run(name: keyof typeof workflows, payload: object) {
	const body = httpBuildQuery(payload);
	return (await instance.run(name, (url) => postAsKommo(url, body))).execution;
}

it.each(SAMPLES)(
	'$file runs with its pinned sample before it has access to Kommo',
	async ({ workflow, node, item }) => {
		const trigger = workflow.nodes.find(isTrigger)!.name;
		kommo.received.length = 0;
		const { status, mode, nodes } = await instance.rest.executeManually(workflow.id, trigger);
		expect({ status, mode }).toEqual({ status: 'success', mode: 'manual' });
		expect(nodes[node]?.[0]?.[0]).toMatchObject(item);
		expect(kommo.received).toEqual([]);
	},
);

describe('won-lead-to-team.json', () => {
	const account = { id: 29085955, subdomain: 'acme' };
	const wonLead = (id: number) => ({ id, status_id: 142, pipeline_id: 7, old_status_id: 10 });
	const won = (...ids: number[]) => ({ leads: { status: ids.map(wonLead) }, account });

	it('posts one message about the leads that were won, and one about those that were created as won', async () => {
		const lost = { status_id: 143 };
		const { status } = await run('won', {
			leads: {
				status: [wonLead(1), { ...wonLead(2), ...lost }, wonLead(3)],
				add: [
					{ id: 4, status_id: 142 },
					{ id: 5, status_id: 10 },
				],
			},
			account,
		});
		expect(status).toBe('success');
		expect(chat.messages.sort()).toEqual([
			`Lead 1 was won: ${linkTo(1)}\nLead 3 was won: ${linkTo(3)}`,
			`Lead 4 was won: ${linkTo(4)}`,
		]);
	});

	it('links to amoCRM if the account is there, and to no other site', async () => {
		const { leads } = won(1);
		for (const where of [
			{ ...account, _links: { self: 'https://acme.amocrm.ru' } },
			{ ...account, _links: { self: 'https://acme.kommo.com.example.com' } },
			{ subdomain: 'example.com/' },
			undefined,
		]) {
			await run('won', { leads, account: where });
		}
		expect(chat.messages).toEqual([
			'Lead 1 was won: https://acme.amocrm.ru/leads/detail/1',
			...Array<string>(3).fill('Lead 1 was won.'),
		]);
	});

	it('posts the names with access to Kommo', async () => {
		// The first request opens the connections to Kommo, which can take all its time on a busy machine.
		await run('wonWithNames', won(1));
		chat.messages.length = 0;
		await run('wonWithNames', won(1));
		expect(chat.messages).toEqual([
			`Lead 1 (1000) with Contact 100001 was won by Ana Souza in Sales: ${linkTo(1)}`,
		]);
	});

	it('leaves out what Kommo does not tell', async () => {
		answerLeads([{ id: 1, name: 'Ten chairs', price: 0 }]);
		await run('wonWithNames', { leads: { status: [{ ...wonLead(1), pipeline_id: 99 }] }, account });
		expect(chat.messages).toEqual([`Ten chairs was won: ${linkTo(1)}`]);
	});

	it('cuts a message that is too long for a chat, and notifies nobody there', async () => {
		const ids = Array.from({ length: 100 }, (_, index) => index + 1);
		answerLeads(ids.map((id) => ({ id, name: '<!channel> @all' })));
		await run('wonWithNames', won(...ids));
		expect(chat.messages).toEqual([expect.stringMatching(/^‹!channel› ＠all was won/)]);
		expect(chat.messages[0]).toHaveLength(4000);
	});

	it('tries again, fails visibly if the chat stays down, and posts everything once when it is retried', async () => {
		chat.failures = 5;
		const { id, status } = await run('won', won(1, 2));
		expect({ status, failures: chat.failures }).toEqual({ status: 'error', failures: 2 });

		expect(await instance.rest.retryExecution(Number(id))).toMatchObject({ status: 'success' });
		expect(chat.messages).toEqual([`Lead 1 was won: ${linkTo(1)}\nLead 2 was won: ${linkTo(2)}`]);
	});

	/** Kommo knows these leads, and answers all other requests with a page. */
	function answerLeads(leads: object[]): void {
		kommo.fault = ({ path }) => ({
			statusCode: 200,
			body: path.startsWith('/api/v4/leads?')
				? JSON.stringify({ _embedded: { leads } })
				: '<html></html>',
		});
	}
});

describe('message-to-team.json', () => {
	const question = 'Olá! What does it cost?';

	/** Lets customers write to the account. */
	const write = async (id: number, records: number) =>
		await instance.run('messages', async () => {
			await kommo.deliveries.happen('add_message', { id, records });
			await kommo.deliveries.settle();
			return new Response();
		});

	it('posts all messages of a request as one, with the names of contact and lead', async () => {
		// The first request opens the connections to Kommo, which can take all its time on a busy machine.
		await write(1, 1);
		chat.messages.length = 0;
		await write(1, 2);
		expect(chat.messages).toEqual([
			`Contact 7741820 (Lead 1) writes on WhatsApp: ${question} ${linkTo(1)}\n` +
				`Contact 7741820 (Lead 2) writes on WhatsApp: ${question} ${linkTo(2)}`,
		]);
	});

	it('posts the message with the name that came with it when Kommo refuses', async () => {
		kommo.fault = () => ({ statusCode: 401 });
		await write(2, 1);
		expect(chat.messages).toEqual([`Ana writes on WhatsApp: ${question} ${linkTo(2)}`]);
	});

	it('posts a file with its link, a contact without a lead, and a long message with the link to its lead', async () => {
		const lead = { contact_id: 9, entity_type: 'lead', entity_id: 7 };
		const link = 'https://drive-c.kommo.com/download/1/voice.ogg';
		const body = httpBuildQuery({
			message: {
				add: [
					{ ...lead, text: '', origin: 'telegram', attachment: { type: 'voice', link } },
					{ contact_id: 9, entity_type: 'contact', entity_id: 9, text: 'Hi\n\n@all' },
					{ ...lead, text: 'x'.repeat(5000) },
				],
			},
			account: { subdomain: 'acme' },
		});
		const { destination } = kommo.webhooks.registered[0]!;
		await instance.run('messages', async () =>
			postAsKommo(destination.replace(PUBLIC_ADDRESS, instance.n8n.url), body),
		);
		expect(chat.messages).toEqual([
			[
				`Contact 9 (Lead 7) writes on Telegram: [voice] ${link} ${linkTo(7)}`,
				'Contact 9 writes: Hi ＠all',
				`Contact 9 (Lead 7) writes: ${'x'.repeat(3000)} ${linkTo(7)}`,
			].join('\n'),
		]);
	});
});

describe('stage-change-to-task.json', () => {
	const { id: workflowId } = toTasks.workflow;

	/** Leads move to a stage. */
	const move = (ids: number[], stage = CONTRACT) => {
		for (const entity_id of ids) {
			kommo.events.happen({ entity_id, value_after: [{ lead_status: stage }] });
		}
	};

	/** Publishes the workflow for a moment: n8n polls at once, and continues where it stopped. */
	const poll = async () => {
		await instance.rest.publish(workflowId);
		await instance.rest.unpublish(workflowId);
	};

	const pollEvents = async () => {
		const [last] = await instance.rest.listExecutions(workflowId);
		await poll();
		return await instance.rest.waitForExecution(workflowId, last?.id);
	};

	const createdFor = () => kommo.tasks.created.flat().map(({ entity_id }) => entity_id);

	beforeAll(poll);

	it('creates tasks for leads in that stage, due tomorrow, and leaves out what Kommo does not send', async () => {
		move([2], { id: 142, pipeline_id: 7 });
		move([1, 404]);
		expect((await pollEvents()).status).toBe('success');
		const task = { complete_till: expect.any(Number) as number, entity_type: 'leads' };
		expect(kommo.tasks.created).toEqual([
			[
				{
					...task,
					text: 'Lead 1 is now in Contract: send the contract',
					responsible_user_id: 938300,
					entity_id: 1,
				},
				{ ...task, text: 'Lead 404 is now in Contract: send the contract', entity_id: 404 },
			],
		]);
		const due = kommo.tasks.created[0]![0]!.complete_till * 1000;
		expect(showInN8n(due)).toBe(`${showInN8n(Date.now() + DAY).slice(0, 10)} 23:59:00`);
	});

	it('creates 50 in each request, tries again, fails visibly, and continues where it stopped when it is retried', async () => {
		const leads = Array.from({ length: 101 }, (_, index) => 1000 + index);
		move(leads);
		kommo.tasks.nextStatuses.push(200, 500, 500, 500, 500);
		const { id, status } = await pollEvents();
		expect(status).toBe('error');
		expect(createdFor()).toEqual(leads.slice(0, 50));

		expect(await instance.rest.retryExecution(Number(id))).toMatchObject({ status: 'success' });
		expect(kommo.tasks.created.map(({ length }) => length)).toEqual([50, 50, 1]);
		expect(createdFor()).toEqual(leads);
	});
});

test('single-output-switch.json logs all events in their order, and groups them', async () => {
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
	expect(nodes).toMatchObject({
		'Message or Call': [
			[
				{ text: 'Chat message from lead 2' },
				{ text: 'Call from lead 4' },
				{ text: 'Email from customer 7' },
			],
		],
		'Lead Moved or Added': [[event('status', 'leads', 3), event('add', 'leads', 5)]],
		'Everything Else': [
			[
				event('add', 'contacts', 1),
				event('site_visit', 'leads', 6),
				event('period', 'customers', 8),
				event('status', 'customers', 9),
				{ event: 'add', entity: 'talk', talk_id: 10 },
			],
		],
	});

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

/** A resource locator as somebody fills it in by id */
function byId(id: number) {
	return { __rl: true, mode: 'id', value: String(id) };
}

/** An example as its user fills it in, with these parameters in its trigger. It tries again at once, not after 5 s. */
function fill(file: string, parameters: object = {}): Hooked {
	return useFilledExample(file, (node) => ({
		...node,
		...(isTrigger(node) && { parameters: { ...node.parameters, ...parameters } }),
		...{ waitBetweenTries: 1 },
	}));
}

/** A time in ms as it is in n8n's own time zone, e.g. `2026-11-25 23:59:00` */
function showInN8n(time: number): string {
	return new Date(time).toLocaleString('sv-SE', { timeZone: 'America/New_York' });
}
