import { randomUUID } from 'node:crypto';

import { ACCOUNT_ID } from '../../scripts/kommo/accountRecords';
import { httpBuildQuery } from '../../scripts/kommo/httpBuildQuery';
import { postAsKommo } from '../../scripts/kommo/request';
import type { Message } from '../../scripts/kommo/standIn/talks';
import { AccountN8n } from '../support/accountN8n';
import { ACCOUNT_TRIGGER } from '../support/accountWorkflow';
import { TAKEN_OVER, useChatExample } from '../support/chatExample';
import { deliverMessages } from '../support/chatMessages';
import { START_TIMEOUT, useExample, type Hooked } from '../support/instance';
import { ModelStandIn } from '../support/modelStandIn';

jest.setTimeout(2 * 60_000);

const FILES = ['answer-a-chat', 'answer-voice-too', 'answer-by-salesbot', 'follow-up'].map(
	(name) => `${name}.json`,
);
const drafts = FILES.map((file) => ({ file, ...useExample(file) }));
const [chat, voice, salesbot, followUp] = FILES.map((file) => useChatExample(file)) as [
	Hooked,
	Hooked,
	Hooked,
	Hooked,
];

/** With another trigger in place of the account's, and nothing else changed */
const behind = (type: string, parameters: object) =>
	useChatExample('answer-a-chat.json', (node) =>
		node.name === ACCOUNT_TRIGGER
			? { ...node, type: `n8n-nodes-kommo-pipeline.${type}`, parameters }
			: node,
	);
const atStage = behind('kommoPipelineTrigger', { events: ['chat'] });
const polling = behind('kommoPollingTrigger', { events: ['incoming_chat_message'] });

/** With the filter of docs/answer-a-chat.md, which keeps the AI out after a colleague has written */
function withFilter({ workflow, webhookPath }: Hooked): Hooked {
	const leftValue = '={{ $json.history.at(-1)?.role }}';
	const operator = { type: 'string', operation: 'notEquals' };
	const filter = {
		id: 'filter',
		name: 'Filter',
		type: 'n8n-nodes-base.filter',
		typeVersion: 2.2,
		position: [352, 160],
		parameters: {
			conditions: {
				options: { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 2 },
				conditions: [{ id: 'role', leftValue, rightValue: 'colleague', operator }],
				combinator: 'and',
			},
			options: {},
		},
	};
	const main = (node: string) => ({ main: [[{ node, type: 'main', index: 0 }]] });
	const { connections } = workflow as Hooked['workflow'] & { connections: object };
	const changed = {
		...workflow,
		nodes: [...workflow.nodes, filter],
		connections: { ...connections, 'Get Unanswered': main('Filter'), Filter: main('AI Agent') },
	};
	return { workflow: changed, webhookPath };
}
const filtered = withFilter(useChatExample('answer-a-chat.json'));

const model = new ModelStandIn();
let n8n: AccountN8n;
let published: Hooked | undefined;
let talk = 0;

beforeAll(async () => {
	// n8n runs pinned nodes of a manual execution with their samples, and the polling trigger is run so.
	const unpinned = { ...polling, workflow: { ...polling.workflow, pinData: {} } };
	const workflows = [...drafts, chat, voice, salesbot, followUp, filtered, atStage, unpinned];
	n8n = await AccountN8n.start(workflows, {}, model);
	n8n.kommo.deliveries.patience = 30_000;
}, START_TIMEOUT);

afterAll(async () => {
	await n8n?.stop();
});

beforeEach(() => {
	n8n.kommo.fault = undefined;
	n8n.kommo.talks.sent.length = 0;
	n8n.kommo.talks.runs.length = 0;
	model.prompts.length = 0;
	model.answers.length = 0;
	model.refusal = undefined;
	talk = openTalk();
});

let lastTalk = 1000;

/** Of a lead of its own with the same id */
function openTalk(): number {
	return n8n.kommo.talks.open({ talk_id: ++lastTalk }).talk_id;
}

let lastMessage = 0;

/** Adds a message to the talk, without an event. Of one second, the ids tell the order. */
function add(message: Partial<Message>, talk_id = talk): Message {
	const id = `e9c11d5e-94c1-4e2a-8d5a-${String(++lastMessage).padStart(12, '0')}`;
	return n8n.kommo.talks.write(talk_id, { id, ...message });
}

const bot = { type: 'outgoing', author: { id: 0, type: 'bot', name: 'n8n' } } as const;
const colleague = { type: 'outgoing', author: { id: 1, type: 'internal', name: 'Rui' } } as const;

/** Kommo sends the messages in one request, each of the talk that is given with it. */
async function deliver(workflow: Hooked, messages: Array<[Message, number]>): Promise<void> {
	if (published !== workflow) {
		if (published) await n8n.unpublish(published);
		await n8n.publish(workflow);
		published = workflow;
	}
	await deliverMessages(n8n.kommo, messages);
}

/** Lets the customer write these, one after the other. Gives the newest execution when all have ended. */
async function write(workflow: Hooked, ...messages: Array<Partial<Message>>) {
	for (const message of messages) await deliver(workflow, [[add(message), talk]]);
	await n8n.rest.waitUntilIdle({ workflowId: workflow.workflow.id });
	return await n8n.rest.waitForExecution(workflow.workflow.id);
}

const sentTexts = () => n8n.kommo.talks.sent.map(({ text }) => text);
const promptOf = (index: number) => model.prompts[index]!.messages.at(-1)!.content;

test.each(drafts)(
	'$file runs with its samples before it has access to anything, again and again',
	async ({ workflow }) => {
		n8n.kommo.received.length = 0;
		for (let time = 0; time < 2; time++) {
			const { status, nodes } = await n8n.rest.executeManually(workflow.id, ACCOUNT_TRIGGER);
			expect(status).toBe('success');
			const last = ['Send Question', 'Run Salesbot', 'Send Message'].find((name) => nodes[name]);
			expect(nodes[last!]).toEqual([[expect.anything()]]);
		}
		expect(n8n.kommo.received).toEqual([]);
	},
);

describe('answer-a-chat.json', () => {
	test('answers messages that come one after the other together, and knows what was said', async () => {
		add({ ...bot, text: 'We have chairs.', created_at: Math.floor(Date.now() / 1000) - 60 });
		model.answers.push('Ten cost R$ 950.');
		await write(chat, { text: 'Hi' }, { text: 'Ignore "all" {that}' }, { text: 'Ten, please' });
		expect(n8n.kommo.talks.sent).toEqual([{ talk_id: talk, text: 'Ten cost R$ 950.' }]);
		expect(model.prompts).toHaveLength(1);
		const [, history = '', text = ''] = promptOf(0).match(/^[^]*?(\[.*\])$[^]*?(\[.*\])$/m) ?? [];
		expect(JSON.parse(history)).toMatchObject([{ role: 'bot', text: 'We have chairs.' }]);
		expect(JSON.parse(text)).toMatchObject([
			{ text: 'Hi' },
			{ text: 'Ignore "all" {that}' },
			{ text: 'Ten, please' },
		]);
	});

	test('answers each of several customers in their own talk', async () => {
		const talks = [openTalk(), openTalk(), openTalk()];
		const messages = talks.map((id): [Message, number] => [add({ text: `I am ${id}` }, id), id]);
		model.answers.push('1', '2', '3');
		await deliver(chat, messages);
		await n8n.rest.waitUntilIdle({ workflowId: chat.workflow.id });
		const prompts = model.prompts.map((_, index) => promptOf(index));
		const asked = prompts.map((prompt) => Number(/I am (\d+)/.exec(prompt)?.[1]));
		expect(asked.sort()).toEqual(talks);
		const answers = n8n.kommo.talks.sent.map(({ talk_id }) => talk_id);
		expect(answers.sort()).toEqual(talks);
	});

	test('is silent after the model has handed over, until somebody gives the chat back', async () => {
		model.answers.push(
			{ tool: 'Hand_Over', input: { task: 'Wants a discount' } },
			'Rui will answer.',
		);
		await write(chat, { text: 'I want a person' });
		expect(sentTexts()).toEqual(['Rui will answer.']);
		expect(n8n.kommo.tasks.created.flat().at(-1)).toMatchObject({
			text: 'Wants a discount',
			entity_id: talk,
		});
		const { nodes } = await write(chat, { text: 'Hello?' });
		expect(nodes['Get Unanswered']![1]).toMatchObject([{ reason: 'taken_over' }]);
		const value = [{ field_id: TAKEN_OVER, values: [{ value: false }] }];
		n8n.kommo.talks.edits.push({ path: `leads/${talk}`, body: { custom_fields_values: value } });
		model.answers.push('Here I am again.');
		await write(chat, { text: 'Anybody?' });
		expect(sentTexts()).toEqual(['Rui will answer.', 'Here I am again.']);
	});

	test('sends nothing if a colleague writes while the model thinks', async () => {
		model.meanwhile = () => void add({ ...colleague, text: 'I answer myself.' });
		const { status, nodes } = await write(chat, { text: 'What does it cost?' });
		expect(status).toBe('success');
		expect(nodes['Send Message']![1]).toMatchObject([{ reason: 'answered' }]);
		expect(sentTexts()).toEqual([]);
	});

	test('behind a filter for it, is silent after a colleague has written', async () => {
		add({ ...colleague, text: 'I am looking it up.' });
		await write(filtered, { text: 'Thanks' });
		expect(model.prompts).toEqual([]);
		talk = openTalk();
		await write(filtered, { text: 'Hi' });
		expect(sentTexts()).toHaveLength(1);
	});

	test('fails if the model fails, and answers at a retry', async () => {
		model.refusal = { status: 401, message: 'Incorrect API key provided' };
		const { id, status } = await write(chat, { text: 'Hi' });
		expect(status).toBe('error');
		expect(await n8n.rest.getRawExecution(id)).toContain('Incorrect API key provided');
		model.refusal = undefined;
		model.answers.push('Hello!');
		expect(await n8n.rest.retryExecution(Number(id))).toMatchObject({ status: 'success' });
		expect(sentTexts()).toEqual(['Hello!']);
	});

	test('answers behind Kommo Pipeline Trigger, too', async () => {
		add({ text: 'Is it in stock?' });
		model.answers.push('Yes.');
		await n8n.rest.publish(atStage.workflow.id);
		await n8n.n8n.waitForWebhook(atStage.webhookPath);
		const event = { id: talk, status_id: 10, pipeline_id: 7 };
		const account = { id: ACCOUNT_ID, subdomain: 'acme' };
		const url = `${n8n.n8n.url}/webhook/${atStage.webhookPath}`;
		await postAsKommo(url, httpBuildQuery({ leads: { chat: [event] }, account }));
		const { status } = await n8n.rest.waitForExecution(atStage.workflow.id);
		expect(status).toBe('success');
		expect(promptOf(0)).toContain('Is it in stock?');
		expect(n8n.kommo.talks.sent).toEqual([{ talk_id: talk, text: 'Yes.' }]);
	});

	test('answers behind Kommo Polling Trigger, too', async () => {
		const { id } = add({ text: 'Is it in stock?' });
		n8n.kommo.events.happen({
			type: 'incoming_chat_message',
			entity_id: talk,
			value_before: [],
			value_after: [{ message: { id } }],
		});
		model.answers.push('Yes.');
		const { status } = await n8n.rest.executeManually(polling.workflow.id, ACCOUNT_TRIGGER);
		expect(status).toBe('success');
		expect(n8n.kommo.talks.sent).toEqual([{ talk_id: talk, text: 'Yes.' }]);
	});
});

describe('answer-voice-too.json', () => {
	const files = new Map<string, string>();

	/** A file at Kommo with these first bytes, which it gives without a token */
	function attach(type: string, file_name: string, bytes: string): Partial<Message> {
		const path = `/download/${randomUUID()}`;
		files.set(path, bytes);
		n8n.kommo.fault = (request) => {
			const file = files.get(request.path);
			return file === undefined
				? undefined
				: { statusCode: 200, body: Buffer.from(file, 'latin1') as unknown as string };
		};
		const link = `https://drive-b.kommo.com${path}`;
		return { text: '', message_type: type, attachment: { type, link, file_name } };
	}

	test('hears all voice messages, sees the picture, and answers once', async () => {
		const m4a = '\0\0\0\x20ftypM4A \0\0\0\0';
		const messages = [
			attach('voice', 'voice.ogg', m4a),
			attach('voice', 'voice.ogg', m4a),
			attach('picture', 'chair.png', '\x89PNG\r\n\x1a\n'),
		];
		model.answers.push('A nice chair.');
		await write(voice, ...messages);
		expect(sentTexts()).toEqual(['A nice chair.']);
		const prompt = JSON.stringify(model.prompts[0]);
		expect(prompt.match(/Spoken in voice\.m4a/g)).toHaveLength(2);
		expect(prompt).toContain('data:image/png;base64,');
	});

	test('answers a text, and a picture alone', async () => {
		await write(voice, { text: 'Hi' });
		await write(voice, attach('picture', 'chair.png', '\x89PNG\r\n\x1a\n'));
		expect(sentTexts()).toHaveLength(2);
	});

	test('hands a location over', async () => {
		await write(voice, { text: '', message_type: 'location' });
		expect(sentTexts()).toEqual([]);
		expect(n8n.kommo.tasks.created.flat().at(-1)).toMatchObject({
			text: expect.stringContaining('location') as unknown,
			entity_id: talk,
		});
	});
});

describe('answer-by-salesbot.json', () => {
	test('lets a Salesbot answer each customer, once for a message that Kommo sends twice', async () => {
		const talks = [openTalk(), openTalk()];
		const messages = talks.map((id): [Message, number] => [add({ text: `I am ${id}` }, id), id]);
		model.answers.push('Hello, one.', 'Hello, two.');
		for (let time = 0; time < 2; time++) {
			await deliver(salesbot, messages);
			await n8n.rest.waitUntilIdle({ workflowId: salesbot.workflow.id });
		}
		expect(n8n.kommo.talks.runs).toEqual(
			talks.map((entity_id, index) => ({
				bot_id: 36143,
				entity_id,
				entity_type: 'leads',
				fields: { 805471: index === 0 ? 'Hello, one.' : 'Hello, two.' },
			})),
		);
	});

	test('remembers what was said, and answers nobody of whom a person has taken over', async () => {
		await write(salesbot, { text: 'Ten chairs' });
		await write(salesbot, { text: 'In black' });
		expect(JSON.stringify(model.prompts.at(-1))).toContain('Ten chairs');
		const values = [{ value: true }];
		const field = { field_id: TAKEN_OVER, field_name: 'Taken over', values };
		n8n.kommo.talks.edits.push({ path: `leads/${talk}`, body: { custom_fields_values: [field] } });
		await write(salesbot, { text: 'Hello?' });
		await write(salesbot, { ...colleague, text: 'I am here.' });
		expect(n8n.kommo.talks.runs).toHaveLength(2);
	});
});

describe('follow-up.json', () => {
	test('asks a silent customer once a talk', async () => {
		model.answers.push('R$ 950.', 'In black or in white?', 'Black it is.', 'Shall we send it?');
		await write(followUp, { text: 'What does it cost?' });
		expect(sentTexts()).toEqual(['R$ 950.', 'In black or in white?']);
		await write(followUp, { text: 'In black' });
		expect(sentTexts()).toEqual(['R$ 950.', 'In black or in white?', 'Black it is.']);
	});

	test('asks nothing after a goodbye, if a person has taken over, or if somebody has written', async () => {
		model.answers.push('Bye!', 'NOTHING');
		await write(followUp, { text: 'Thanks, bye' });
		expect(sentTexts()).toEqual(['Bye!']);

		talk = openTalk();
		model.answers.push({ tool: 'Hand_Over', input: { task: 'Talk' } }, 'Rui will answer.', 'So?');
		await write(followUp, { text: 'A person, please' });
		expect(sentTexts()).toEqual(['Bye!', 'Rui will answer.']);

		talk = openTalk();
		model.answers.splice(0, Infinity, 'R$ 950.', 'So?');
		n8n.kommo.fault = ({ path }) => {
			if (path.endsWith(`/leads/${talk}`) && sentTexts().at(-1) === 'R$ 950.') {
				add({ ...colleague, text: 'Or less.' });
				n8n.kommo.fault = undefined;
			}
			return undefined;
		};
		await write(followUp, { text: 'What does it cost?' });
		expect(sentTexts()).toEqual(['Bye!', 'Rui will answer.', 'R$ 950.']);
	});
});
