import { randomUUID } from 'node:crypto';

import { ACCOUNT_ID } from '../../scripts/kommo/accountRecords';
import { findEvent } from '../../scripts/kommo/events';
import { httpBuildQuery } from '../../scripts/kommo/httpBuildQuery';
import { postAsKommo } from '../../scripts/kommo/request';
import type { Execution } from '../../scripts/n8n/restClient';
import { AccountN8n } from '../support/accountN8n';
import { ACCOUNT_TRIGGER } from '../support/accountWorkflow';
import { answerAChat } from '../support/answerAChat';
import { START_TIMEOUT, useExample, type Hooked } from '../support/instance';
import { json } from '../../scripts/kommo/standIn/answers';
import { makeLead } from '../../scripts/kommo/standIn/api';
import { ModelStandIn } from '../support/modelStandIn';
import { SANDBOX_ON_DEMAND } from '../support/workflows';

jest.setTimeout(2 * 60_000);

// On a busy machine Kommo may not tell the lead in time, and then nothing is answered.
jest.retryTimes(2, { logErrorsBeforeRetry: true });

const SORRY = 'Thank you for your message. I cannot open what you sent';
const RECEIVED = findEvent('add_message')!;

type Nodes = Hooked['workflow']['nodes'];

/** As it is imported, without access to Kommo and to a model */
const draft = useExample('answer-a-chat.json');

/** With its credentials, as its note says */
const chat = changeNodes(answerAChat(), 'Answer a chat', (nodes) => nodes);

/** With the Salesbot in place of the message, as its note says */
const salesbot = changeNodes(chat, 'Answer by Salesbot', (nodes) =>
	nodes.map((node) => {
		if (node.name === 'Send Message') return { ...node, disabled: true };
		if (node.name !== 'Run Salesbot') return node;
		const chosen = { bot: byId(36143), field: byId(805471) };
		return { ...node, disabled: false, parameters: { ...node.parameters, ...chosen } };
	}),
);

/** With the pipeline's trigger in place of the account's, and nothing else changed */
const atStage = changeNodes(chat, 'Answer a chat at a stage', (nodes) =>
	nodes.map((node) =>
		node.name === ACCOUNT_TRIGGER
			? {
					...node,
					type: 'n8n-nodes-kommo-pipeline.kommoPipelineTrigger',
					parameters: {
						events: ['chat'],
						authentication: 'accessToken',
						options: { enrich: ['message', 'record', 'contact'], enrichmentTimeLimit: 1900 },
					},
				}
			: node,
	),
);

const model = new ModelStandIn();
let n8n: AccountN8n;
let published: Hooked | undefined;

beforeAll(async () => {
	n8n = await AccountN8n.start([draft, chat, salesbot, atStage], SANDBOX_ON_DEMAND, model);
	// What comes after 2 s on a busy machine is sent again, which is not the subject of most tests.
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
});

interface Message {
	id: string;
	chat_id: string;
	talk_id: number;
	text: string;
}

let lastTalk = 0;

/** A customer's message in a new talk of lead 7; what is given is different. */
function makeMessage(fields: object = {}): Message {
	const talk_id = ++lastTalk;
	n8n.kommo.talks.open({ talk_id });
	const ids = { id: randomUUID(), chat_id: randomUUID(), talk_id };
	return { ...(RECEIVED.makeRecord(7) as Message), ...ids, ...fields };
}

/** Kommo sends the messages in one request. Gives the execution that it starts. */
async function receive(workflow: Hooked, ...messages: Message[]): Promise<Execution> {
	if (published !== workflow) {
		if (published) await n8n.unpublish(published);
		await n8n.publish(workflow);
		published = workflow;
	}
	const { id } = workflow.workflow;
	const [last] = await n8n.rest.listExecutions(id);
	const event = { ...RECEIVED, makeRecord: (index: number) => messages[index]! };
	await n8n.kommo.deliveries.happen(event, { id: 0, records: messages.length });
	return await n8n.rest.waitForExecution(id, last?.id);
}

/** Lets such messages come in until Kommo tells the lead of one in time, which a busy machine may not let it. */
async function receiveWithLead(makeOne: () => Message): Promise<Message> {
	for (let attempt = 0; attempt < 5; attempt++) {
		n8n.kommo.talks.sent.length = 0;
		model.prompts.length = 0;
		const message = makeOne();
		const { status, nodes } = await receive(chat, message);
		if (!nodes[ACCOUNT_TRIGGER]?.[0]?.[0]?.record) continue;
		expect(status).toBe('success');
		return message;
	}
	throw new Error('Kommo told no lead in time.');
}

/** Lets a message come in that starts an execution without an answer. Gives the nodes that ran. */
async function receiveInVain(message: Message): Promise<string[]> {
	const { status, nodes } = await receive(chat, message);
	expect(status).toBe('success');
	expectNoAnswer();
	return Object.keys(nodes);
}

/** Kommo tells the pipeline's trigger twice in one request of a message of this lead, as one poll may. */
async function receiveAtStage(lead: number): Promise<Execution> {
	const { id } = atStage.workflow;
	await n8n.rest.publish(id);
	await n8n.n8n.waitForWebhook(atStage.webhookPath);
	const [last] = await n8n.rest.listExecutions(id);
	const event = { id: lead, status_id: 10, pipeline_id: 7 };
	const account = { id: ACCOUNT_ID, subdomain: 'acme' };
	const body = httpBuildQuery({ leads: { chat: [event, event] }, account });
	await postAsKommo(`${n8n.n8n.url}/webhook/${atStage.webhookPath}`, body);
	return await n8n.rest.waitForExecution(id, last?.id);
}

function expectNoAnswer(): void {
	expect({ sent: n8n.kommo.talks.sent, prompts: model.prompts }).toEqual({ sent: [], prompts: [] });
}

/** Lets lead 7 have this in its field. */
function tick(value: boolean, field_name = 'Taken Over'): void {
	const field = { field_id: 1, field_name, field_type: 'checkbox' };
	const other = { field_id: 2, field_name: 'VIP', values: [{ value: true }] };
	const lead = { ...makeLead(7), custom_fields_values: [other, { ...field, values: [{ value }] }] };
	n8n.kommo.fault = ({ path }) =>
		path.startsWith('/api/v4/leads?') ? json(200, { _embedded: { leads: [lead] } }) : undefined;
}

test('runs with the pinned sample before it has access to anything, again and again', async () => {
	n8n.kommo.received.length = 0;
	for (let time = 0; time < 2; time++) {
		const { status, nodes } = await n8n.rest.executeManually(draft.workflow.id, ACCOUNT_TRIGGER);
		expect(status).toBe('success');
		expect(nodes['Send Message']).toEqual([[expect.objectContaining({ talk_id: 166 })]]);
	}
	expect(n8n.kommo.received).toEqual([]);
	expectNoAnswer();
});

test('runs with the pinned samples with the Salesbot, too, without running it', async () => {
	const { status, nodes } = await n8n.rest.executeManually(salesbot.workflow.id, ACCOUNT_TRIGGER);
	expect(status).toBe('success');
	expect(nodes['Run Salesbot']).toEqual([[expect.objectContaining({ entity_id: 4831596 })]]);
	expect(n8n.kommo.talks.runs).toEqual([]);
	expectNoAnswer();
});

test('a message is answered in its talk by the model, which knows who writes', async () => {
	const text = 'What is {price}, 10% off?';
	const { talk_id } = await receiveWithLead(() => makeMessage({ text }));
	expect(n8n.kommo.talks.sent).toEqual([{ talk_id, text: `You wrote: ${text}` }]);
	expect(model.prompts.map(({ messages }) => messages)).toEqual([
		[
			{
				role: 'system',
				content: expect.stringMatching(
					/name is Contact 7741820\.\nIt is about: Lead 7\.$/,
				) as unknown,
			},
			{ role: 'user', content: text },
		],
	]);
});

test('all messages of a request are answered, each in its talk and without what others wrote', async () => {
	const ana = makeMessage({ text: 'I am Ana.' });
	const voice = makeMessage({ text: '', attachment: { type: 'voice', link: 'https://a.b/c' } });
	const rui = makeMessage({ text: 'I am Rui.' });
	const again = makeMessage({ text: 'Hello?', chat_id: ana.chat_id, talk_id: ana.talk_id });
	expect((await receive(chat, ana, voice, rui, again)).status).toBe('success');
	expect(n8n.kommo.talks.sent).toEqual([
		{ talk_id: ana.talk_id, text: 'You wrote: I am Ana.' },
		{ talk_id: voice.talk_id, text: expect.stringContaining(SORRY) as unknown },
		{ talk_id: rui.talk_id, text: 'You wrote: I am Rui.' },
		{ talk_id: ana.talk_id, text: 'You wrote: Hello?' },
	]);
	const said = model.prompts.map(({ messages }) => messages.slice(1).map(({ content }) => content));
	expect(said).toEqual([
		['I am Ana.'],
		['I am Rui.'],
		['I am Ana.', 'You wrote: I am Ana.', 'Hello?'],
	]);
});

test('the model remembers what was said in the chat before', async () => {
	const first = makeMessage({ text: 'Ten chairs, please.' });
	await receive(chat, first);
	await receive(chat, { ...first, id: randomUUID(), text: 'In black.' });
	expect(model.prompts.at(-1)!.messages.slice(1)).toEqual([
		{ role: 'user', content: 'Ten chairs, please.' },
		{ role: 'assistant', content: 'You wrote: Ten chairs, please.' },
		{ role: 'user', content: 'In black.' },
	]);
});

test('a message that Kommo sends once more is not answered again', async () => {
	const message = makeMessage();
	await receive(chat, message);
	expect(n8n.kommo.talks.sent).toHaveLength(1);
	n8n.kommo.talks.sent.length = 0;
	model.prompts.length = 0;
	expect((await receiveInVain(message)).at(-1)).toBe('Remove Duplicates');
});

test('a message of a colleague is not answered', async () => {
	const author = { id: randomUUID(), type: 'internal', name: 'Joana' };
	expect((await receiveInVain(makeMessage({ author }))).at(-1)).toBe('From a Customer');
	expect((await receiveInVain(makeMessage({ type: 'outgoing' }))).at(-1)).toBe('From a Customer');
});

test('nothing is answered as long as the lead is ticked as taken over', async () => {
	for (const name of ['Taken Over', 'taken over ']) {
		tick(true, name);
		await receiveWithLead(makeMessage);
		expectNoAnswer();
	}
	tick(false);
	await receiveWithLead(makeMessage);
	expect(n8n.kommo.talks.sent).toHaveLength(1);
});

test('the execution fails for a lead that Kommo does not tell, and answers the others', async () => {
	n8n.kommo.fault = ({ path }) =>
		path.startsWith('/api/v4/leads?')
			? json(200, { _embedded: { leads: [makeLead(7)] } })
			: undefined;
	const [untold, told] = [makeMessage({ entity_id: 8 }), makeMessage()];
	const failed = await receive(chat, untold, told);
	expect(failed.status).toBe('error');
	const raw = await n8n.rest.getRawExecution(failed.id);
	expect(raw).toContain('The message of lead 8 was not answered: answer it in Kommo.');
	expect(n8n.kommo.talks.sent).toMatchObject([{ talk_id: told.talk_id }]);
});

test('a message of a contact without a lead is answered', async () => {
	const nothing = { entity_id: undefined, entity_type: undefined };
	await receive(chat, makeMessage({ ...nothing, element_id: undefined, element_type: undefined }));
	expect(n8n.kommo.talks.sent).toHaveLength(1);
	expect(model.prompts[0]!.messages[0]!.content).not.toContain('It is about');
});

test.each([
	['a voice message', { text: '', attachment: { type: 'voice', link: 'https://a.b/c' } }],
	['a picture', { text: 'This one', attachment: { type: 'picture', link: 'https://a.b/c' } }],
	['a message without anything to read', { text: undefined }],
])('%s is answered with a fixed text, without the model', async (_, fields) => {
	const message = makeMessage(fields);
	await receive(chat, message);
	expect(n8n.kommo.talks.sent).toEqual([
		{ talk_id: message.talk_id, text: expect.stringContaining(SORRY) as unknown },
	]);
	expect(model.prompts).toEqual([]);
});

test.each([
	[500, 'The server had an error'],
	[401, 'Incorrect API key provided'],
])('a model that fails with %i leaves the chat alone until a retry', async (status, reason) => {
	const message = makeMessage();
	model.refusal = { status, message: reason };
	const failed = await receive(chat, message);
	expect(failed.status).toBe('error');
	expect(await n8n.rest.getRawExecution(failed.id)).toContain(reason);
	expect(n8n.kommo.talks.sent).toEqual([]);

	model.refusal = undefined;
	expect(await n8n.rest.retryExecution(Number(failed.id))).toMatchObject({ status: 'success' });
	expect(n8n.kommo.talks.sent).toMatchObject([{ talk_id: message.talk_id }]);
});

test('a retry answers what Kommo refused, and nothing else again', async () => {
	const [first, second, third] = [makeMessage(), makeMessage(), makeMessage()];
	n8n.kommo.fault = ({ path }) =>
		path.includes(`/${second.talk_id}/`) ? { statusCode: 403 } : undefined;
	const failed = await receive(chat, first, second, third);
	expect(failed.status).toBe('error');
	n8n.kommo.fault = undefined;
	await n8n.rest.retryExecution(Number(failed.id));
	expect(n8n.kommo.talks.sent.map(({ talk_id }) => talk_id)).toEqual([
		first.talk_id,
		second.talk_id,
		third.talk_id,
	]);
});

test("behind the pipeline's trigger, the latest message is answered, once", async () => {
	const talk_id = ++lastTalk;
	const lead = 900 + talk_id;
	n8n.kommo.talks.open({ talk_id, entity_id: lead });
	n8n.kommo.talks.write(talk_id, { id: randomUUID(), text: 'Is it in stock?' });
	for (let time = 0; time < 2; time++) {
		await receiveAtStage(lead);
		expect(n8n.kommo.talks.sent).toEqual([{ talk_id, text: 'You wrote: Is it in stock?' }]);
	}
	expect(model.prompts[0]!.messages[0]!.content).toContain(`It is about: Lead ${lead}.`);
});

test("behind the pipeline's trigger, the execution fails for a message that Kommo does not tell", async () => {
	const [untold, closed] = [++lastTalk, ++lastTalk];
	n8n.kommo.talks.open({ talk_id: untold, entity_id: 900 + untold });
	n8n.kommo.talks.open({ talk_id: closed, entity_id: 900 + closed, is_in_work: false });
	n8n.kommo.fault = ({ path }) =>
		path.includes(`/talks/${untold}/`) ? { statusCode: 403 } : undefined;
	expect(await receiveAtStage(900 + closed)).toMatchObject({ status: 'success' });
	const failed = await receiveAtStage(900 + untold);
	expect(failed.status).toBe('error');
	const raw = await n8n.rest.getRawExecution(failed.id);
	expect(raw).toContain(
		`The message of lead ${900 + untold} was not answered: answer it in Kommo.`,
	);
	expect(raw).toContain('External chat history');
	expectNoAnswer();
});

test('a Salesbot sends the answers in place of messages', async () => {
	const ana = makeMessage({ text: 'I am Ana.' });
	const rui = makeMessage({ text: 'I am Rui.', entity_id: 8 });
	expect((await receive(salesbot, ana, rui)).status).toBe('success');
	const run = (entity_id: number, text: string) => ({
		bot_id: 36143,
		entity_id,
		entity_type: 'leads',
		fields: { 805471: text },
	});
	expect(n8n.kommo.talks.runs).toEqual([
		run(7, 'You wrote: I am Ana.'),
		run(8, 'You wrote: I am Rui.'),
	]);
	expect(n8n.kommo.talks.sent).toEqual([]);
});

function changeNodes({ workflow }: Hooked, name: string, change: (nodes: Nodes) => Nodes): Hooked {
	const webhookId = randomUUID();
	const id = randomUUID().replaceAll('-', '').slice(0, 16);
	const nodes = change(workflow.nodes).map((node) =>
		node.webhookId ? { ...node, webhookId } : node,
	);
	return { workflow: { ...workflow, id, name, nodes }, webhookPath: `${webhookId}/kommo` };
}

/** A resource locator as somebody fills it in by id */
function byId(id: number) {
	return { __rl: true, mode: 'id', value: String(id) };
}
