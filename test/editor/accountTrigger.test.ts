import { CHOICES } from '../../nodes/KommoAccountTrigger/events';
import { until } from '../../scripts/n8n/until';
import { ACCOUNT_TRIGGER, ADMINISTRATOR } from '../support/accountWorkflow';
import { START_TIMEOUT, type Instance } from '../support/instance';
import type { KommoStandIn } from '../../scripts/kommo/standIn/kommoStandIn';
import { PUBLIC_ADDRESS } from '../support/withKommo';
import type { Editor } from './editor';
import { Session, stepsIn } from './session';

jest.setTimeout(180_000);

const NO_OPERATION = 'No Operation, do nothing';
const MESSAGE = 'Olá! What does it cost?';
const REFUSED =
	'Kommo does not let the credential manage webhooks (403). Only an administrator may, with the plan Advanced or higher.';

let session: Session<never>;
let kommo: KommoStandIn;
let instance: Instance<never>;
let editor: Editor;

beforeAll(async () => {
	session = await Session.start({ workflows: {}, credentials: [] });
	({ kommo, instance, editor } = session);
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

const waitUntilNothingIsRegistered = async () =>
	await until(
		async () => kommo.webhooks.registered.length === 0 || undefined,
		'end of the registration',
	);

/** The first five minutes of a person with this node: each step goes on where the one before ended. */
describe("n8n's editor", () => {
	step('finds the trigger by "kommo", and shows its events', async () => {
		await editor.openNodesPanel();
		await editor.searchNodes('kommo');
		await editor.listedNode('Kommo Account').click();
		await editor.listedNode('Kommo Account').waitFor({ state: 'hidden' });
		const events = editor.page.getByTestId('node-creator-item-name');
		await events.getByText('On message received').waitFor();
		expect(await events.allInnerTexts()).toEqual(
			CHOICES.map(({ name }) => `On ${name.toLowerCase()}`),
		);
	});

	step('adds it for received messages, and first asks for a credential', async () => {
		await editor.listedNode('On message received').click();
		await editor.parameters.waitFor();
		const chosen = editor.page.getByTestId('parameter-input-events').locator('.el-tag');
		await chosen.first().waitFor();
		expect(await chosen.allInnerTexts()).toEqual(['Message Received']);
		expect(await editor.listenButton.count()).toBe(0);

		const { account, accessToken } = ADMINISTRATOR.data;
		await editor.createCredential('Connect to Kommo Access Token', { account, accessToken });
		expect(kommo.takePaths()).toEqual(['/api/v4/account']);
		await editor.page.getByText('To your first event').waitFor();
	});

	step('shows the text of a message as a test event, and leaves nothing registered', async () => {
		await editor.listen();
		expect(kommo.webhooks.registered).toMatchObject([
			{
				destination: expect.stringMatching(
					/^https:\/\/n8n\.example\.com\/webhook-test\/[^/]+\/kommo\?token=[\da-f]{32}&n=\d+$/,
				),
				settings: ['add_message'],
			},
		]);
		await kommo.deliveries.happen('add_message');
		const items = editor.outputPanel.getByTestId('ndv-data-container');
		await items.getByText(MESSAGE).waitFor();
		await waitUntilNothingIsRegistered();
	});

	step('leaves nothing registered when the user stops listening', async () => {
		await editor.listen();
		expect(kommo.webhooks.registered).toHaveLength(1);
		await editor.stopListening();
		await waitUntilNothingIsRegistered();
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

	step('shows it with one output, which "+" connects', async () => {
		await editor.closeNode();
		expect(await editor.labels(ACCOUNT_TRIGGER, 1)).toEqual(['Received']);
		await editor.addNodeBehind(ACCOUNT_TRIGGER, 0, NO_OPERATION);
		expect(await editor.wires()).toEqual([`Received > ${NO_OPERATION}`]);
	});

	step('lights up the branch of a message that came to the published workflow', async () => {
		expect(await editor.publish()).toContain('Its events now start this workflow.');
		await until(async () => kommo.webhooks.registered[0], 'registration');
		expect(kommo.webhooks.registered).toMatchObject([
			{
				destination: expect.stringContaining(`${PUBLIC_ADDRESS}/webhook/`),
				settings: ['add_message'],
			},
		]);

		const { workflowId } = editor;
		const [last] = await instance.rest.listExecutions(workflowId);
		await kommo.deliveries.happen('add_message');
		const execution = await instance.rest.waitForExecution(workflowId, last?.id);
		await editor.openExecution(workflowId, execution.id);
		expect(await editor.litBranches()).toEqual([NO_OPERATION]);
	});

	step('keeps the wire when events are added, each with an output below', async () => {
		await editor.openWorkflow(editor.workflowId);
		await editor.openNode(ACCOUNT_TRIGGER);
		await editor.choose('events', 'Lead Stage Changed');
		await editor.choose('events', 'Task Added');
		await editor.closeNode();
		expect(await editor.labels(ACCOUNT_TRIGGER, 3)).toEqual([
			'Received',
			'Lead Stage',
			'Task Added',
		]);
		expect(await editor.wires()).toEqual([`Received > ${NO_OPERATION}`]);
	});

	step('says what to do when Kommo refuses what is published', async () => {
		kommo.webhooks.refusal = { status: 403 };
		await editor.startPublishing();
		expect(await editor.readNotification('Workflow could not be published')).toContain(REFUSED);
	});
});
