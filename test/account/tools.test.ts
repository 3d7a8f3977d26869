import { join } from 'node:path';

import { json } from '../../scripts/kommo/standIn/answers';
import { ensureRuntime } from '../../scripts/n8n/runtime';
import { until } from '../../scripts/n8n/until';
import { chooseVersion } from '../../scripts/n8n/versions';
import { AccountN8n } from '../support/accountN8n';
import { makeAgent, makeTool, TOOL } from '../support/agentWorkflow';
import { deliverMessages } from '../support/chatMessages';
import { START_TIMEOUT, type Hooked } from '../support/instance';
import { ModelStandIn, type Prompt } from '../support/modelStandIn';
import { PUBLIC_ADDRESS } from '../support/withKommo';

jest.setTimeout(2 * 60_000);

const IS_N8N_1 = chooseVersion().number.startsWith('1.');

/** What a model might add to its arguments, to write to somebody else */
const FOREIGN = { talk_id: 999, talkId: 999, entity_id: 999, talkRef: '999.forged' };

const ONLY_IF_NEWEST = { onlyIfNewest: '={{ $json.newest_message_id }}' };

/** The talk of a node's first item, in place of a reference */
const firstOf = (node: string) => ({
	talkId: `={{ $('${node}').first().json.talk_id }}`,
	talkRef: '',
});

const agents = [3, ...(IS_N8N_1 ? [] : [3.1])].map((version) => ({
	version,
	items: makeAgent(`Items ${version}`, version),
	loop: makeAgent(`Loop ${version}`, version, { isInLoop: true }),
	once: makeAgent(`Once ${version}`, version, { tool: ONLY_IF_NEWEST }),
	first: makeAgent(`First ${version}`, version, { tool: firstOf('Received') }),
}));
const oldAgent = makeAgent('Agent 2.2', 2.2, { tool: ONLY_IF_NEWEST });

const TELEGRAM = {
	id: 'telegram',
	name: 'Telegram',
	type: 'telegramApi',
	data: { accessToken: '1:of-the-stand-in', baseUrl: 'https://api.telegram.org' },
};

/** A node of n8n 2.41 that asks a person before the agent may use its tool. */
const review = {
	id: 'review',
	name: 'Review',
	type: 'n8n-nodes-base.telegramHitlTool',
	typeVersion: 1.2,
	position: [640, 208],
	parameters: {
		chatId: '1',
		message: '={{ JSON.stringify($tool.parameters) }}',
		approvalOptions: { values: { approvalType: 'double' } },
		options: {},
	},
	credentials: { [TELEGRAM.type]: { id: TELEGRAM.id, name: TELEGRAM.name } },
	webhookId: '5b0b9d4f-8f14-4b8c-9a43-6ad6a7cb0c11',
};
const reviewed = makeAgent('Reviewed', 3.1, { review });

/** What the person is asked: the text, and the addresses of the buttons */
interface Question {
	text: string;
	reply_markup: { inline_keyboard: Array<Array<{ text: string; url: string }>> };
}

/** A workflow that offers Kommo Chat to MCP clients, with the talk as the user has typed it */
function makeServer(name: string, path: string, tool: object): Hooked {
	const trigger = {
		id: 'mcp',
		name: 'MCP',
		type: '@n8n/n8n-nodes-langchain.mcpTrigger',
		typeVersion: 2,
		position: [0, 0],
		webhookId: path,
		parameters: { path },
	};
	const workflow = {
		id: path,
		name,
		nodes: [trigger, makeTool(tool)],
		connections: {
			'Answer Customer': { ai_tool: [[{ node: 'MCP', type: 'ai_tool', index: 0 }]] },
		},
		settings: { executionOrder: 'v1' },
	};
	return { workflow: workflow as unknown as Hooked['workflow'], webhookPath: path };
}
const TYPED = 500;
const server = makeServer('Server', 'typed', { talkId: TYPED });
const unsafe = makeServer('Unsafe', 'unsafe', { talkId: '={{ $json.talk_id }}' });

const model = new ModelStandIn();
const questions: Question[] = [];
let n8n: AccountN8n;
let talk = TYPED;

beforeAll(async () => {
	const workflows = agents.flatMap(({ items, loop, once, first }) => [items, loop, once, first]);
	const reviews = IS_N8N_1 ? [] : [reviewed];
	n8n = await AccountN8n.start(
		[...workflows, oldAgent, ...reviews, server, unsafe],
		{},
		model,
		{
			'api.telegram.org': async (request) => {
				questions.push((await request.body.getJson()) as Question);
				return json(200, { ok: true, result: { message_id: questions.length } });
			},
		},
		[TELEGRAM],
	);
	n8n.kommo.deliveries.patience = 30_000;
	n8n.kommo.talks.open({ talk_id: TYPED });
	n8n.kommo.talks.open({ talk_id: 999 });
}, START_TIMEOUT);

afterAll(async () => {
	await n8n?.stop();
});

beforeEach(() => {
	n8n.kommo.talks.sent.length = 0;
	model.prompts.length = 0;
	questions.length = 0;
});

let lastMessage = 0;

/** Lets this many customers write at once. Gives their talks, and the execution as soon as it has ended. */
async function write(workflow: Hooked, customers: number) {
	const { talks } = n8n.kommo;
	const messages = Array.from({ length: customers }, () => {
		talks.open({ talk_id: ++talk });
		const id = `e9c11d5e-94c1-4e2a-8d5a-${String(++lastMessage).padStart(12, '0')}`;
		return [talks.write(talk, { id, text: `I am ${talk}` }), talk] as [never, number];
	});
	await n8n.publish(workflow);
	await deliverMessages(n8n.kommo, messages);
	const ended = n8n.rest.waitForExecution(workflow.workflow.id).finally(async () => {
		await n8n.unpublish(workflow);
	});
	return { talks: messages.map(([, id]) => id), ended };
}

/** The talks that a prompt names, as what the customer wrote does */
const talkOf = ({ messages }: Prompt) =>
	/I am (\d+)/.exec(messages.find(({ role }) => role === 'user')!.content)![1];

const callsOf = ({ messages }: Prompt) => messages.filter(({ role }) => role === 'tool').length;

/** Calls the tool this many times at once, in this many rounds, with the ids of other customers. */
const insist = (atOnce: number, again: number) => (prompt: Prompt) => {
	const call = { tool: TOOL, input: { text: `For ${talkOf(prompt)}`, ...FOREIGN } };
	if (callsOf(prompt) >= atOnce * (1 + again)) return 'Done.';
	return Array.from({ length: atOnce }, () => call);
};

const answersTo = (talks: number[]) =>
	talks.map((talk_id) => ({ talk_id, text: `For ${talk_id}` }));

const bySender = (sent: Array<{ talk_id: number; text: string }>) =>
	[...sent].sort((a, b) => a.talk_id - b.talk_id);

describe.each(agents)('an AI agent of version $version', ({ items, loop, once, first }) => {
	test('writes to each of two customers in an execution what is meant for them, and to nobody else', async () => {
		model.decide = insist(2, 1);
		const { talks, ended } = await write(items, 2);
		expect((await ended).status).toBe('success');
		const fourTimes = talks.flatMap((id) => [id, id, id, id]);
		expect(bySender(n8n.kommo.talks.sent)).toEqual(answersTo(fourTimes));
	});

	test('does so in a loop', async () => {
		model.decide = insist(1, 0);
		const { talks, ended } = await write(loop, 3);
		expect((await ended).status).toBe('success');
		expect(bySender(n8n.kommo.talks.sent)).toEqual(answersTo(talks));
	});

	test('writes to the talk of the first item of Get Unanswered Messages, if the user has typed that', async () => {
		model.decide = insist(2, 1);
		const { talks, ended } = await write(first, 1);
		expect((await ended).status).toBe('success');
		expect(n8n.kommo.talks.sent).toEqual(answersTo([talks[0]!, talks[0]!, talks[0]!, talks[0]!]));
	});

	test('sends only one message with Only If Newest, and tells its model why', async () => {
		model.decide = insist(2, 1);
		const { talks, ended } = await write(once, 1);
		expect((await ended).status).toBe('success');
		expect(n8n.kommo.talks.sent).toEqual(answersTo(talks));
		const told = model.prompts.at(-1)!.messages.filter(({ role }) => role === 'tool');
		const refused = told.filter(({ content }) => content.includes('"sent":false'));
		// Of two calls at once, either may be the one that sends.
		expect([told.length, refused.length]).toEqual([4, 3]);
	});
});

test('an AI agent of version 2.2 with one item sends one message to the customer, however often its model calls', async () => {
	model.decide = insist(2, 1);
	const { talks, ended } = await write(oldAgent, 1);
	expect((await ended).status).toBe('success');
	expect(n8n.kommo.talks.sent).toEqual(answersTo(talks));
});

(IS_N8N_1 ? test.skip : test)(
	'behind a human review, a message goes to the customer when the person approves it, and not before',
	async () => {
		const toolParameters = { text: 'R$ 100', ...FOREIGN };
		model.decide = (prompt) =>
			callsOf(prompt) > 0
				? 'Done.'
				: [{ tool: TOOL, input: { toolParameters, hitlParameters: {} } }];
		const { talks } = await write(reviewed, 1);
		const question = await until(async () => questions[0], 'question to the person');
		expect(question.text).toContain('R$ 100');
		const newestStatus = async () =>
			(await n8n.rest.listExecutions(reviewed.workflow.id))[0]!.status;
		expect(await newestStatus()).toBe('waiting');
		expect(n8n.kommo.talks.sent).toEqual([]);

		const [, approve] = question.reply_markup.inline_keyboard[0]!;
		const browser = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0' };
		await fetch(approve!.url.replace(PUBLIC_ADDRESS, n8n.n8n.url), { headers: browser });
		const isDone = async () => (await newestStatus()) === 'success' || undefined;
		await until(isDone, 'end of the execution');
		expect(n8n.kommo.talks.sent).toEqual([{ talk_id: talks[0], text: 'R$ 100' }]);
	},
);

/** The official client, which comes with n8n: https://github.com/modelcontextprotocol/typescript-sdk */
interface McpClient {
	connect(transport: object): Promise<void>;
	listTools(): Promise<{
		tools: Array<{ name: string; description: string; inputSchema: { properties: object } }>;
	}>;
	callTool(call: {
		name: string;
		arguments: object;
	}): Promise<{ isError?: boolean; content: Array<{ text: string }> }>;
	close(): Promise<void>;
}

async function connect(path: string): Promise<McpClient> {
	const { n8n: program } = await ensureRuntime();
	const sdk = join(program, '../../../@modelcontextprotocol/sdk/dist/cjs/client');
	type Make<Made> = new (...options: object[]) => Made;
	const load = <Module extends object>(file: string) => jest.requireActual<Module>(join(sdk, file));
	const { Client } = load<{ Client: Make<McpClient> }>('index.js');
	const { StreamableHTTPClientTransport: Transport } = load<{
		StreamableHTTPClientTransport: Make<object>;
	}>('streamableHttp.js');
	const client = new Client({ name: 'test', version: '1.0.0' });
	await client.connect(new Transport(new URL(`${n8n.n8n.url}/mcp/${path}`)));
	return client;
}

describe('MCP Server Trigger', () => {
	beforeAll(async () => {
		for (const { workflow } of [server, unsafe]) await n8n.rest.publish(workflow.id);
	});

	test('offers the tool, which writes to the talk that the user has typed', async () => {
		const client = await connect('typed');
		const { tools } = await client.listTools();
		expect(tools).toMatchObject([
			{ name: TOOL, description: expect.stringContaining('message') as unknown },
		]);
		expect(Object.keys(tools[0]!.inputSchema.properties)).toEqual(['text']);
		const call = { name: TOOL, arguments: { text: 'Hello', ...FOREIGN } };
		const result = await client.callTool(call);
		await client.close();
		expect(result.content[0]!.text).toContain(`"talk_id":${TYPED}`);
		expect(n8n.kommo.talks.sent).toEqual([{ talk_id: TYPED, text: 'Hello' }]);
	});

	test('sends nothing if the client could choose the talk, and says what to do', async () => {
		const client = await connect('unsafe');
		const call = { name: TOOL, arguments: { text: 'Hello', ...FOREIGN } };
		const { content } = await client.callTool(call);
		await client.close();
		expect(content[0]!.text).toContain("enter a number or {{ $('Get unanswered messages').first()");
		expect(n8n.kommo.talks.sent).toEqual([]);
	});
});
