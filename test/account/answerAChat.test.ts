import { randomUUID } from 'node:crypto';

import { ACCOUNT_ID } from '../../scripts/kommo/accountRecords';
import { httpBuildQuery } from '../../scripts/kommo/httpBuildQuery';
import { postAsKommo } from '../../scripts/kommo/request';
import type { Message } from '../../scripts/kommo/standIn/talks';
import { ACCOUNT_TRIGGER } from '../support/accountWorkflow';
import { BOT, ChatN8n, COLLEAGUE } from '../support/chatN8n';
import { TAKEN_OVER, useFilledExample } from '../support/filledExample';
import { START_TIMEOUT, useExample, type Hooked } from '../support/instance';

jest.setTimeout(2 * 60_000);

const FILES = ['answer-a-chat', 'answer-voice-too', 'answer-by-salesbot', 'follow-up'].map(
	(name) => `${name}.json`,
);
const drafts = FILES.map((file) => ({ file, ...useExample(file) }));
const filled = FILES.map((file) => useFilledExample(file));
const [chat, voice, salesbot, followUp] = filled as [Hooked, Hooked, Hooked, Hooked];

/** With another trigger in place of the account's, and nothing else changed */
const behind = (type: string, parameters: object) =>
	useFilledExample('answer-a-chat.json', (node) =>
		node.name === ACCOUNT_TRIGGER
			? { ...node, type: `n8n-nodes-kommo-pipeline.${type}`, parameters }
			: node,
	);
const atStage = behind('kommoPipelineTrigger', { events: ['chat'] });
const polling = behind('kommoPollingTrigger', { events: ['incoming_chat_message'] });
// It is executed manually, so pinned nodes give their samples.
Object.assign(polling.workflow, { pinData: {} });

let talking: ChatN8n;

beforeAll(async () => {
	talking = await ChatN8n.start([...drafts, ...filled, atStage, polling]);
}, START_TIMEOUT);

afterAll(async () => {
	await talking?.stop();
});

beforeEach(() => talking.begin());

/** Messages of two customers, each in a talk of their own */
function writeOfTwo(): Array<[Message, number]> {
	const talks = [talking.openTalk(), talking.openTalk()];
	return talks.map((id) => [talking.add({ text: `I am ${id}` }, id), id]);
}

test.each(drafts)(
	'$file runs with its samples before it has access to anything, again and again',
	async ({ workflow }) => {
		const { kommo, rest } = talking.n8n;
		kommo.received.length = 0;
		for (let time = 0; time < 2; time++) {
			const { status, nodes } = await rest.executeManually(workflow.id, ACCOUNT_TRIGGER);
			expect(status).toBe('success');
			const last = ['Send Question', 'Run Salesbot', 'Send Message'].find((name) => nodes[name]);
			expect(nodes[last!]).toEqual([[expect.anything()]]);
		}
		expect(kommo.received).toEqual([]);
	},
);

describe('answer-a-chat.json', () => {
	test('answers messages that come one after the other together, and knows what was said', async () => {
		talking.add({
			...BOT,
			text: 'We sell chairs.',
			created_at: Math.floor(Date.now() / 1000) - 60,
		});
		talking.model.answers.push('Ten cost R$ 950.');
		await talking.write(chat, { text: 'Hi' }, { text: 'Ignore "all" {that}' }, { text: 'Ten' });
		expect(talking.talks.sent).toEqual([{ talk_id: talking.talk, text: 'Ten cost R$ 950.' }]);
		expect(talking.model.prompts).toHaveLength(1);
		const [history, text] = talking.promptOf(0).match(/^\[.*\]$/gm) ?? [];
		expect(JSON.parse(history!)).toMatchObject([{ role: 'bot', text: 'We sell chairs.' }]);
		expect(JSON.parse(text!)).toEqual([
			{ message_type: 'text', text: 'Hi' },
			{ message_type: 'text', text: 'Ignore "all" {that}' },
			{ message_type: 'text', text: 'Ten' },
		]);
	});

	test('answers each of two customers in their own talk', async () => {
		const messages = writeOfTwo();
		await talking.deliver(chat, messages);
		await talking.waitForEnd(chat);
		const found = talking.talks.sent.map(({ talk_id, text }) => [
			talk_id,
			/I am \d+/.exec(text)?.[0],
		]);
		expect(found.sort()).toEqual(messages.map(([{ text }, talk_id]) => [talk_id, text]));
	});

	test('is silent after the model has handed over, until somebody gives the chat back', async () => {
		const call = { tool: 'Hand_Over', input: { task: 'Wants a discount' } };
		talking.model.answers.push(call, 'Rui will answer.');
		await talking.write(chat, { text: 'I want a person' });
		const task = { text: 'Wants a discount', entity_id: talking.talk };
		expect(talking.n8n.kommo.tasks.created.flat().at(-1)).toMatchObject(task);
		const { nodes } = await talking.write(chat, { text: 'Hello?' });
		expect(nodes['Get Unanswered']![1]).toMatchObject([{ reason: 'taken_over' }]);
		talking.tick(TAKEN_OVER, 'Taken over', false);
		talking.model.answers.push('Here I am again.');
		await talking.write(chat, { text: 'Anybody?' });
		expect(talking.sent).toEqual(['Rui will answer.', 'Here I am again.']);
	});

	test('sends nothing if a colleague writes while the model thinks', async () => {
		talking.model.meanwhile = () => void talking.add({ ...COLLEAGUE, text: 'I answer myself.' });
		const { nodes } = await talking.write(chat, { text: 'What does it cost?' });
		expect(nodes['Send Message']![1]).toMatchObject([{ reason: 'answered' }]);
		expect(talking.sent).toEqual([]);
	});

	test('fails if the model fails, and answers at a retry', async () => {
		talking.model.refusal = { status: 401, message: 'Incorrect API key provided' };
		const { id, status } = await talking.write(chat, { text: 'Hi' });
		expect(status).toBe('error');
		const { rest } = talking.n8n;
		expect(await rest.getRawExecution(id)).toContain('Incorrect API key provided');
		talking.model.refusal = undefined;
		expect(await rest.retryExecution(Number(id))).toMatchObject({ status: 'success' });
		expect(talking.sent).toHaveLength(1);
	});

	test('answers behind Kommo Pipeline Trigger, too', async () => {
		const { n8n, rest } = talking.n8n;
		talking.add({ text: 'Is it in stock?' });
		await rest.publish(atStage.workflow.id);
		await n8n.waitForWebhook(atStage.webhookPath);
		const event = { id: talking.talk, status_id: 10, pipeline_id: 7 };
		const account = { id: ACCOUNT_ID, subdomain: 'acme' };
		const body = httpBuildQuery({ leads: { chat: [event] }, account });
		await postAsKommo(`${n8n.url}/webhook/${atStage.webhookPath}`, body);
		await talking.waitForEnd(atStage);
		expect(talking.sent).toEqual([expect.stringContaining('Is it in stock?')]);
	});

	test('answers behind Kommo Polling Trigger, too', async () => {
		const { id } = talking.add({ text: 'Is it in stock?' });
		const [value_before, value_after] = [[], [{ message: { id } }]];
		const type = 'incoming_chat_message';
		const { kommo, rest } = talking.n8n;
		kommo.events.happen({ type, entity_id: talking.talk, value_before, value_after });
		await rest.executeManually(polling.workflow.id, ACCOUNT_TRIGGER);
		expect(talking.sent).toEqual([expect.stringContaining('Is it in stock?')]);
	});
});

describe('answer-voice-too.json', () => {
	const M4A = '\0\0\0\x20ftypM4A \0\0\0\0';
	const PNG = '\x89PNG\r\n\x1a\n';
	const files = new Map<string, string>();

	/** A file at Kommo with these first bytes, for which no token is needed */
	function attach(type: string, file_name: string, bytes: string): Partial<Message> {
		const path = `/download/${randomUUID()}`;
		files.set(path, bytes);
		talking.n8n.kommo.fault = (request) => {
			const file = files.get(request.path);
			return file === undefined
				? undefined
				: { statusCode: 200, body: Buffer.from(file, 'latin1') };
		};
		const link = `https://drive-b.kommo.com${path}`;
		return { text: '', message_type: type, attachment: { type, link, file_name } };
	}

	test('hears all voice messages, sees the picture, and answers once', async () => {
		const messages = [
			attach('voice', 'voice.ogg', M4A),
			attach('voice', 'voice.ogg', M4A),
			attach('picture', 'chair.png', PNG),
		];
		talking.model.answers.push('A nice chair.');
		await talking.write(voice, ...messages);
		expect(talking.sent).toEqual(['A nice chair.']);
		const prompt = JSON.stringify(talking.model.prompts[0]);
		expect(prompt.match(/Spoken in voice\.m4a/g)).toHaveLength(2);
		expect(prompt).toContain('data:image/png;base64,');
	});

	test('hands a location over', async () => {
		await talking.write(voice, { text: '', message_type: 'location' });
		expect(talking.sent).toEqual([]);
		const text: unknown = expect.stringContaining('location');
		const task = { text, entity_id: talking.talk };
		expect(talking.n8n.kommo.tasks.created.flat().at(-1)).toMatchObject(task);
	});
});

describe('answer-by-salesbot.json', () => {
	test('lets a Salesbot answer each customer, and only once if Kommo sends a message twice', async () => {
		const messages = writeOfTwo();
		for (let time = 0; time < 2; time++) {
			await talking.deliver(salesbot, messages);
			await talking.waitForEnd(salesbot);
		}
		expect(talking.talks.runs).toEqual(
			messages.map(([{ text }, entity_id]) => ({
				bot_id: 36143,
				entity_id,
				entity_type: 'leads',
				fields: { 805471: expect.stringContaining(text) as unknown },
			})),
		);
	});

	test('remembers what was said, and does not answer customers whom a person has taken over', async () => {
		await talking.write(salesbot, { text: 'Ten chairs' });
		await talking.write(salesbot, { text: 'In black' });
		expect(JSON.stringify(talking.model.prompts.at(-1))).toContain('Ten chairs');
		talking.tick(TAKEN_OVER, 'Taken over', true);
		await talking.write(salesbot, { text: 'Hello?' });
		await talking.write(salesbot, { ...COLLEAGUE, text: 'I am here.' });
		expect(talking.talks.runs).toHaveLength(2);
	});
});

describe('follow-up.json', () => {
	test('asks a silent customer once in each talk', async () => {
		talking.model.answers.push('R$ 950.', 'In black or in white?', 'Black it is.', 'And now?');
		await talking.write(followUp, { text: 'What does it cost?' });
		await talking.write(followUp, { text: 'In black' });
		expect(talking.sent).toEqual(['R$ 950.', 'In black or in white?', 'Black it is.']);
	});

	test('asks nothing after a goodbye, if a person has taken over, or if somebody has written', async () => {
		talking.openTalk('Bye!', 'NOTHING');
		await talking.write(followUp, { text: 'Thanks, bye' });
		talking.openTalk({ tool: 'Hand_Over', input: { task: 'Talk' } }, 'Rui will answer.', 'So?');
		await talking.write(followUp, { text: 'A person, please' });
		talking.openTalk('R$ 950.', 'So?');
		talking.n8n.kommo.fault = ({ path }) => {
			if (path.endsWith(`/leads/${talking.talk}`) && talking.sent.at(-1) === 'R$ 950.') {
				talking.add({ ...COLLEAGUE, text: 'Or less.' });
			}
			return undefined;
		};
		await talking.write(followUp, { text: 'What does it cost?' });
		expect(talking.sent).toEqual(['Bye!', 'Rui will answer.', 'R$ 950.']);
	});
});
