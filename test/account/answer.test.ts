import { AccountN8n } from '../support/accountN8n';
import { ADMINISTRATOR, makeAccountWorkflow } from '../support/accountWorkflow';
import { START_TIMEOUT, type Hooked } from '../support/instance';

jest.setTimeout(2 * 60_000);

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
	operation: 'runSalesbot',
	bot: { __rl: true, mode: 'id', value: '36143' },
	field: { __rl: true, mode: 'id', value: '805471' },
	entityType: 'leads',
	text: TEXT,
});
const history = makeAnswer('History', { operation: 'getMessages' });

let n8n: AccountN8n;

beforeAll(async () => {
	n8n = await AccountN8n.start([message, salesbot, history]);
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
	return { status: execution.status, items: execution.nodes['Message In']?.[0] };
}

test('a message is answered in its talk', async () => {
	expect(await receive(message)).toEqual({
		status: 'success',
		items: [{ talk_id: TALK, message_id: expect.anything() as unknown }],
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
