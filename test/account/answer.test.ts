import { toUuid } from '../../scripts/kommo/accountRecords';
import { chooseVersion } from '../../scripts/n8n/versions';
import { AccountN8n } from '../support/accountN8n';
import { ADMINISTRATOR, makeAccountWorkflow } from '../support/accountWorkflow';
import { makeAgent } from '../support/agentWorkflow';
import { START_TIMEOUT, type Hooked } from '../support/instance';
import { ModelStandIn } from '../support/modelStandIn';

jest.setTimeout(2 * 60_000);

const IS_N8N_1 = chooseVersion().number.startsWith('1.');

/** That of the message that Kommo sends */
const TALK = 166;

/** A workflow in which Kommo Chat stands behind the trigger, in place of the node there. */
function makeAnswer(name: string, parameters: object): Hooked {
	const { workflow, webhookPath } = makeAccountWorkflow(name, ['add_message']);
	const nodes = workflow.nodes.map((node) =>
		node.type === 'n8n-nodes-base.noOp'
			? {
					...node,
					type: 'n8n-nodes-kommo-pipeline.kommoChat',
					parameters: { authentication: 'accessToken', ...parameters },
					credentials: { [ADMINISTRATOR.type]: { id: ADMINISTRATOR.id, name: ADMINISTRATOR.name } },
				}
			: node,
	);
	return { workflow: { ...workflow, nodes }, webhookPath };
}

const TEXT = '=You wrote: {{ $json.text }}';
const message = makeAnswer('Message', { text: TEXT });
const salesbot = makeAnswer('Salesbot', {
	resource: 'salesbot',
	operation: 'run',
	bot: { __rl: true, mode: 'id', value: '36143' },
	field: { __rl: true, mode: 'id', value: '805471' },
	entityType: 'leads',
	text: TEXT,
});
const history = makeAnswer('History', { operation: 'getMessages' });

const agents = [2.2, 3, ...(IS_N8N_1 ? [] : [3.1])].map((version) => ({
	version,
	workflow: makeAgent(`Agent ${version}`, version),
}));

const model = new ModelStandIn();
let n8n: AccountN8n;

beforeAll(async () => {
	const workflows = [message, salesbot, history, ...agents.map(({ workflow }) => workflow)];
	n8n = await AccountN8n.start(workflows, {}, model);
	n8n.kommo.talks.open({ talk_id: TALK });
	n8n.kommo.talks.write(TALK, { text: 'Olá!' });
}, START_TIMEOUT);

afterAll(async () => {
	await n8n?.stop();
});

/** Lets a message come in. Gives the execution with what came out of Kommo Chat. */
async function receive(workflow: Hooked) {
	await n8n.publish(workflow);
	const { execution } = await n8n.receive(workflow, 'add_message');
	await n8n.unpublish(workflow);
	return { status: execution.status, items: execution.nodes['Received']?.[0] };
}

test('a message is answered in its talk', async () => {
	expect(await receive(message)).toEqual({
		status: 'success',
		items: [
			{
				talk_id: TALK,
				message_id: expect.anything() as unknown,
				text: 'You wrote: Olá! What does it cost?',
			},
		],
	});
	expect(n8n.kommo.talks.sent).toEqual([
		{ talk_id: TALK, text: 'You wrote: Olá! What does it cost?' },
	]);
});

test('a message is answered by a Salesbot with the text in a field of the lead', async () => {
	const entity = { entity_id: 4831596, entity_type: 'leads' };
	expect(await receive(salesbot)).toEqual({
		status: 'success',
		items: [{ bot_id: 36143, ...entity }],
	});
	expect(n8n.kommo.talks.runs).toEqual([
		{ bot_id: 36143, ...entity, fields: { 805471: 'You wrote: Olá! What does it cost?' } },
	]);
});

test('the messages of a talk are read, the oldest first', async () => {
	const { status, items } = await receive(history);
	expect(status).toBe('success');
	expect(items?.[0]).toMatchObject({ text: 'Olá!', talk_id: TALK });
	expect(items).toHaveLength(1 + n8n.kommo.talks.sent.length);
});

test.each(agents)(
	'an AI agent of version $version writes to the customer alone, whatever ids its model adds',
	async ({ workflow, version }) => {
		const { talks } = n8n.kommo;
		talks.sent.length = 0;
		model.prompts.length = 0;
		model.answers.length = 0;
		const id = Math.floor(version * 10);
		talks.write(TALK, { id: toUuid(id), text: 'How much?' });
		const text = 'It costs 10 reais.';
		const input = { text, talk_id: 999, talkId: 999, talk_ref: '999.forged', entity_id: 999 };
		model.answers.push({ tool: 'Answer_Customer', input }, 'Done.');
		await n8n.publish(workflow);
		const { execution } = await n8n.receive(workflow, 'add_message', id);
		await n8n.unpublish(workflow);
		if (execution.status === 'error') {
			// In n8n 1.x a tool that fails, here for the forged reference, fails the agent of version 3.
			expect(await n8n.rest.getRawExecution(execution.id)).toContain('Talk Reference is empty');
		}
		expect(execution.nodes['Received']?.[0]).toEqual([
			expect.objectContaining({
				talk_id: TALK,
				text: expect.stringContaining('How much?') as unknown,
			}),
		]);
		expect(talks.sent.filter(({ talk_id }) => talk_id !== TALK)).toEqual([]);
	},
);

test('an AI agent sends a message with it as a tool, once', async () => {
	const { talks } = n8n.kommo;
	const { workflow } = agents[0]!;
	talks.sent.length = 0;
	model.answers.length = 0;
	talks.write(TALK, { id: toUuid(777), text: 'And for two?' });
	const text = 'It costs 20 reais.';
	model.answers.push({ tool: 'Answer_Customer', input: { text } }, 'Done.');
	await n8n.publish(workflow);
	const { execution } = await n8n.receive(workflow, 'add_message', 777);
	await n8n.unpublish(workflow);
	expect(execution.nodes.Agent?.[0]).toEqual([{ output: 'Done.' }]);
	expect(talks.sent).toEqual([{ talk_id: TALK, text }]);
	expect(model.prompts.at(-1)!.messages.at(-1)).toMatchObject({
		role: 'tool',
		content: expect.stringContaining('message_id') as unknown,
	});
});

test('a message that Kommo may have taken fails the execution, and is not sent again', async () => {
	n8n.kommo.fault = ({ path }) =>
		path.endsWith('/send_message') ? { statusCode: 502 } : undefined;
	n8n.kommo.received.length = 0;
	await n8n.publish(message);
	const { execution } = await n8n.receive(message, 'add_message');
	expect(execution.status).toBe('error');
	expect(await n8n.rest.getRawExecution(execution.id)).toContain('may or may not have been sent');
	const sends = n8n.kommo.received.filter(({ path }) => path.endsWith('/send_message'));
	expect(sends).toHaveLength(1);
});
