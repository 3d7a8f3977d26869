import { CHOICES } from '../../nodes/KommoAccountTrigger/events';
import { until } from '../../scripts/n8n/until';
import { ACCOUNT_TRIGGER, ADMINISTRATOR } from '../support/accountWorkflow';
import { START_TIMEOUT, type Instance } from '../support/instance';
import type { KommoStandIn } from '../../scripts/kommo/standIn/kommoStandIn';
import { PUBLIC_ADDRESS } from '../support/withKommo';
import type { Editor } from './editor';
import { Session, stepsIn, untilEqual } from './session';

jest.setTimeout(180_000);

/** The action, after which n8n names the node */
const SEND = 'Send a message to a customer';

const MESSAGE = 'Olá! What does it cost?';
const ANSWER = 'You wrote: {{ $json.text }}';
const REFUSED =
	'Kommo does not let the credential manage webhooks (403). Only an administrator may, with the plan Advanced or higher.';

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

/** What the browser complained of, but for n8n's own request for a schema of the items, which few nodes have */
const takeComplaints = () =>
	editor.complaints.splice(0).filter((complaint) => !/404 .*\/schemas\//.test(complaint));

afterEach(() => {
	if (editor) expect(takeComplaints()).toEqual([]);
});

const step = stepsIn(() => session);

const shows = async (text: string) => await editor.outputPanel.getByText(text).waitFor();

const untilNothingIsRegistered = async () =>
	await until(
		async () => kommo.webhooks.registered.length === 0 || undefined,
		'end of the registration',
	);

/** From an empty canvas to an answered message: each step goes on where the one before ended. */
describe("n8n's editor", () => {
	step('finds the account trigger by "kommo", and shows its events', async () => {
		await editor.openNodesPanel();
		await editor.searchNodes('kommo');
		await editor.listedNode('Kommo Account').click();
		await untilEqual(
			() => editor.listed.allInnerTexts(),
			CHOICES.map(({ name }) => `On ${name.toLowerCase()}`),
		);
	});

	step('adds it for received messages, and first asks for a credential', async () => {
		await editor.listedNode('On message received').click();
		await editor.parameters.waitFor();
		const chosen = editor.page.getByTestId('parameter-input-events').locator('.el-tag');
		await untilEqual(() => chosen.allInnerTexts(), ['Message Received']);
		expect(await editor.listenButton.count()).toBe(0);

		const { account, accessToken } = ADMINISTRATOR.data;
		await editor.createCredential('Connect to Kommo Access Token', { account, accessToken });
		expect(kommo.takePaths()).toEqual(['/api/v4/account']);
		await editor.page.getByText('To your first event').waitFor();
	});

	step('says what to do when Kommo refuses the registration', async () => {
		kommo.webhooks.refusal = { status: 403 };
		await editor.listenButton.click();
		expect(await editor.readNotification('Problem running workflow')).toContain(REFUSED);
		kommo.webhooks.refusal = undefined;
		// The editor's own request has failed, and it has logged why.
		expect(takeComplaints()).toEqual([
			expect.stringContaining('500'),
			expect.stringContaining('Kommo does not let the credential manage webhooks'),
		]);
	});

	step('leaves nothing registered when the user stops listening', async () => {
		await editor.listen();
		expect(kommo.webhooks.registered).toHaveLength(1);
		await editor.stopListening();
		await untilNothingIsRegistered();
	});

	step('shows the text of a message as a test event, and leaves nothing registered', async () => {
		await editor.listen();
		await kommo.deliveries.happen('add_message');
		await shows(MESSAGE);
		await untilNothingIsRegistered();
		await editor.closeNode();
	});

	step('finds Kommo Chat behind the trigger by "kommo", and shows what it does', async () => {
		await editor.outputs(ACCOUNT_TRIGGER).first().getByTestId('canvas-handle-plus').click();
		await editor.searchNodes('kommo');
		await editor.listedNode('Kommo Chat').click();
		await editor.listedNode('Kommo Account').waitFor({ state: 'hidden' });
		await untilEqual(
			() => editor.listed.allInnerTexts(),
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
			await untilEqual(() => credential.first().inputValue(), 'Kommo Access Token account');
			await editor.parameters.getByText(String(TALK), { exact: true }).waitFor();
			await shows('Execute step really sends the message to the customer.');
			await shows('Sending to external chats');
		},
	);

	step('says without a text that it is empty, and keeps the message of the customer', async () => {
		await editor.executeStep();
		const error = editor.outputPanel.getByTestId('node-error-message');
		await Promise.all([
			editor.readNotification('Problem in node'),
			error.filter({ hasText: 'Text is empty.' }).waitFor(),
		]);
		await editor.page.getByTestId('ndv-input-panel').getByText(MESSAGE).waitFor();
		expect(kommo.talks.sent).toEqual([]);
	});

	step('sends the text in the talk of the message', async () => {
		await editor.type('text', ANSWER);
		await editor.parameters.getByText(`You wrote: ${MESSAGE}`).waitFor();
		await editor.executeStep();
		await shows('message_id');
		expect(kommo.talks.sent).toEqual([{ talk_id: TALK, text: `You wrote: ${MESSAGE}` }]);
	});

	step('shows on the canvas that it has sent a message', async () => {
		await editor.closeNode();
		await untilEqual(() => editor.wires(), [`Received > ${SEND}`]);
		await untilEqual(
			() => editor.node(SEND).innerText(),
			expect.stringMatching(/customer\s+Send Message/),
		);
		await editor.openNode(SEND);
	});

	step('runs a Salesbot for the lead of the message, with the text in its field', async () => {
		await editor.choose('resource', 'Salesbot');
		expect(await editor.chooseLoaded('bot', 'Answer')).toEqual(['Answer', 'Goodbye']);
		expect(await editor.chooseLoaded('field', 'Greeting')).toEqual(['Answer', 'Greeting']);
		await editor.executeStep();
		await shows('bot_id');
		const fields = { 805472: `You wrote: ${MESSAGE}` };
		expect(kommo.talks.runs).toEqual([
			{ bot_id: 36143, entity_id: LEAD, entity_type: 'leads', fields },
		]);
	});

	step('asks what an ID is of once there is one, and lists the text fields of that', async () => {
		await editor.type('entityId', '12');
		await editor.choose('entityType', 'Contact');
		expect(await editor.chooseLoaded('field', 'Position')).toEqual(['Position']);
		await editor.choose('resource', 'Chat');
		await editor.closeNode();
	});

	step('answers a message that comes to the published workflow', async () => {
		expect(await editor.publish()).toContain('Its events now start this workflow.');
		const { destination } = await until(async () => kommo.webhooks.registered[0], 'registration');
		expect(destination).toContain(`${PUBLIC_ADDRESS}/webhook/`);
		kommo.talks.sent.length = 0;

		const { workflowId } = editor;
		const [last] = await instance.rest.listExecutions(workflowId);
		await kommo.deliveries.happen('add_message');
		const execution = await instance.rest.waitForExecution(workflowId, last?.id);
		expect(kommo.talks.sent).toEqual([{ talk_id: TALK, text: `You wrote: ${MESSAGE}` }]);
		await editor.openExecution(workflowId, execution.id);
		await untilEqual(() => editor.litBranches(), [SEND]);
	});

	step('says what to do when Kommo refuses what is published', async () => {
		await editor.openWorkflow(editor.workflowId);
		await editor.openNode(ACCOUNT_TRIGGER);
		await editor.choose('events', 'Task Added');
		await editor.closeNode();
		kommo.webhooks.refusal = { status: 403 };
		await editor.startPublishing();
		expect(await editor.readNotification('Workflow could not be published')).toContain(REFUSED);
	});
});
