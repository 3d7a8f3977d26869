import { until } from '../../scripts/n8n/until';
import { ACCOUNT_TRIGGER, ADMINISTRATOR } from '../support/accountWorkflow';
import { START_TIMEOUT, type Instance } from '../support/instance';
import type { KommoStandIn } from '../../scripts/kommo/standIn/kommoStandIn';
import type { Editor } from './editor';
import { Session, stepsIn } from './session';

jest.setTimeout(180_000);

const CHAT = 'Kommo Chat';

/** The action, after which n8n names the node */
const SEND = 'Send a message to a customer';

const MESSAGE = 'Olá! What does it cost?';
const ANSWER = 'You wrote: {{ $json.text }}';

/** Those of the message that Kommo sends */
const TALK = 166;
const LEAD = 4831596;

let session: Session<never>;
let kommo: KommoStandIn;
let instance: Instance<never>;
let editor: Editor;

beforeAll(async () => {
	session = await Session.start({ workflows: {}, credentials: [] });
	({ kommo, instance, editor } = session);
	kommo.talks.open({ talk_id: TALK, entity_id: LEAD });
	kommo.talks.write(TALK, { text: MESSAGE });
}, START_TIMEOUT);

afterAll(async () => {
	await session?.stop();
});

afterEach(() => {
	// n8n asks for a schema of the items, which few nodes have.
	const complaints = editor?.complaints.splice(0) ?? [];
	expect(complaints.filter((complaint) => !/404 .*\/schemas\//.test(complaint))).toEqual([]);
});

const step = stepsIn(() => session);

const shows = async (text: string) => await editor.outputPanel.getByText(text).waitFor();

/** Waits until the output panel says this instead of items. */
const failsWith = async (text: string) => {
	const message = editor.outputPanel.getByTestId('node-error-message');
	await Promise.all([
		editor.readNotification('Problem in node'),
		message.filter({ hasText: text }).waitFor(),
	]);
};

/** From an empty canvas to an answered message: each step goes on where the one before ended. */
describe("n8n's editor", () => {
	step('shows a message of a customer as a test event', async () => {
		await editor.openNodesPanel();
		await editor.searchNodes('kommo');
		await editor.listedNode('Kommo Account').click();
		await editor.listedNode('On message received').click();
		await editor.parameters.waitFor();
		const { account, accessToken } = ADMINISTRATOR.data;
		await editor.createCredential('Connect to Kommo Access Token', { account, accessToken });
		await editor.listen();
		await kommo.deliveries.happen('add_message');
		await shows(MESSAGE);
		await editor.closeNode();
	});

	step('finds Kommo Chat behind the trigger by "kommo", and shows what it does', async () => {
		await editor.outputs(ACCOUNT_TRIGGER).first().getByTestId('canvas-handle-plus').click();
		await editor.searchNodes('kommo');
		await editor.listedNode(CHAT).click();
		await editor.listedNode('Kommo Account').waitFor({ state: 'hidden' });
		await editor.listedNode(SEND).waitFor();
		const actions = await editor.listed.allInnerTexts();
		expect(actions).toEqual(
			expect.arrayContaining([
				'Get unanswered messages',
				'Hand over a customer who asks for or needs a person',
				'Run a Salesbot',
			]),
		);
	});

	step(
		'adds it with the credential and the talk of the message, and says what it needs',
		async () => {
			await editor.listedNode(SEND).click();
			const credential = editor.parameters.getByTestId('node-credentials-select').locator('input');
			expect(await credential.first().inputValue()).toBe('Kommo Access Token account');
			await editor.parameters.getByText(String(TALK), { exact: true }).waitFor();
			await shows('Execute step really sends the message to the customer.');
			await shows('Sending to external chats');
		},
	);

	step('sends nothing when the text is empty, and says what to check', async () => {
		await editor.type('text', '{{ $json.answer }}');
		await editor.executeStep();
		await failsWith('Text is empty. If it has an expression, check');
		expect(kommo.talks.sent).toEqual([]);
	});

	step('sends the text in the talk of the message', async () => {
		await editor.type('text', ANSWER);
		await editor.parameters.getByText(`You wrote: ${MESSAGE}`).waitFor();
		await editor.executeStep();
		await shows('message_id');
		expect(kommo.talks.sent).toEqual([{ talk_id: TALK, text: `You wrote: ${MESSAGE}` }]);
		expect(await editor.outputPanel.innerText()).toMatch(
			/talk_id[^]*message_id[^]*166[^]*e9c11d5e/,
		);
	});

	step('shows on the canvas that it has sent a message', async () => {
		await editor.closeNode();
		expect(await editor.wires()).toEqual([`Received > ${SEND}`]);
		expect(await editor.node(SEND).innerText()).toMatch(/customer\s+Send Message/);
		await editor.openNode(SEND);
	});

	step('says which scope is missing when Kommo does not let it send', async () => {
		kommo.talks.forbidden.add('send');
		await editor.executeStep();
		await failsWith('the scope "Sending to external chats"');
		expect(kommo.talks.sent).toHaveLength(1);
	});

	step('asks for the field that a Salesbot sends the text from', async () => {
		await editor.choose('resource', 'Salesbot');
		expect(await editor.chooseLoaded('bot', 'Answer')).toEqual(['Answer', 'Goodbye']);
		await editor.executeStep();
		await failsWith('There is a Text, but no Field to write it to.');
		expect(kommo.talks.runs).toEqual([]);
	});

	step('runs the Salesbot for the lead of the message, with the text in its field', async () => {
		expect(await editor.chooseLoaded('field', 'Greeting')).toEqual(['Answer', 'Greeting']);
		await editor.executeStep();
		await shows('bot_id');
		expect(kommo.talks.runs).toEqual([
			{
				bot_id: 36143,
				entity_id: LEAD,
				entity_type: 'leads',
				fields: { 805472: `You wrote: ${MESSAGE}` },
			},
		]);
	});

	step('asks what an ID is of once there is one, and lists the text fields of that', async () => {
		await editor.type('entityId', '12');
		await editor.choose('entityType', 'Contact');
		expect(await editor.chooseLoaded('field', 'Position')).toEqual(['Position']);
	});

	step('reads the messages of the talk', async () => {
		await editor.choose('resource', 'Chat');
		await editor.choose('operation', 'Get Messages');
		await editor.executeStep();
		await shows('2 items');
		expect(await editor.outputPanel.innerText()).toMatch(/incoming[^]*You wrote[^]*outgoing/);
	});

	step('says which scope is missing when Kommo does not let it read', async () => {
		kommo.talks.forbidden.add('history');
		await editor.executeStep();
		await failsWith('the scope "External chat history"');
		kommo.talks.forbidden.clear();
	});

	step('says without a text that it is empty, and keeps the message of the customer', async () => {
		await editor.choose('operation', 'Send Message');
		await editor.type('text', '');
		await editor.executeStep();
		await failsWith('Text is empty.');
		await editor.page.getByTestId('ndv-input-panel').getByText(MESSAGE).waitFor();
	});

	step('answers a message that comes to the published workflow', async () => {
		await editor.type('text', ANSWER);
		await editor.closeNode();
		await editor.publish();
		await until(async () => kommo.webhooks.registered[0], 'registration');
		kommo.talks.sent.length = 0;

		const { workflowId } = editor;
		const [last] = await instance.rest.listExecutions(workflowId);
		await kommo.deliveries.happen('add_message');
		const execution = await instance.rest.waitForExecution(workflowId, last?.id);
		expect(kommo.talks.sent).toEqual([{ talk_id: TALK, text: `You wrote: ${MESSAGE}` }]);
		await editor.openExecution(workflowId, execution.id);
		expect(await editor.litBranches()).toEqual([SEND]);
	});
});
