import { START_TIMEOUT } from '../support/instance';
import type { KommoStandIn } from '../../scripts/kommo/standIn/kommoStandIn';
import { POLLING_TRIGGER, USER_CREDENTIAL } from '../support/pollingWorkflow';
import type { Editor } from './editor';
import { Session, stepsIn, untilEqual } from './session';

jest.setTimeout(180_000);

const NO_EVENT =
	'Kommo has no event of the last 30 days that is chosen in Trigger On. Cause one in Kommo, or choose others, then try again.';
const REFUSED =
	"Kommo does not let the credential's user do this (403). Give the user the right to do it, or use the credential of another user.";

let session: Session<never>;
let kommo: KommoStandIn;
let editor: Editor;

beforeAll(async () => {
	session = await Session.start({ workflows: {}, credentials: [] });
	({ kommo, editor } = session);
}, START_TIMEOUT);

afterAll(async () => {
	await session?.stop();
});

afterEach(() => {
	expect(editor?.complaints.splice(0) ?? []).toEqual([]);
});

const step = stepsIn(() => session);

/** The first five minutes of a person with this node: each step goes on where the one before ended. */
describe("n8n's editor", () => {
	step('adds it for stage changes, every minute, and first asks for a credential', async () => {
		await editor.openNodesPanel();
		await editor.searchNodes('kommo');
		await editor.listedNode('Kommo Polling').click();
		await editor.listedNode('On lead stage changed').click();
		await editor.parameters.waitFor();
		const chosen = editor.page.getByTestId('parameter-input-events').locator('.el-tag');
		await untilEqual(() => chosen.allInnerTexts(), ['Lead Stage Changed']);
		const pollTimes = editor.parameters.getByTestId('parameter-input-mode');
		await untilEqual(() => pollTimes.locator('input').inputValue(), 'Every Minute');
		expect(await editor.listenButton.count()).toBe(0);

		const { account, accessToken } = USER_CREDENTIAL.data;
		await editor.createCredential('Connect to Kommo Access Token', { account, accessToken });
		expect(kommo.takePaths()).toEqual(['/api/v4/account']);
		await editor.page.getByText('To your first event').waitFor();
	});

	step('says what to do when there is no event yet', async () => {
		await editor.listenButton.click();
		await editor.outputPanel.getByTestId('node-error-message').getByText(NO_EVENT).waitFor();
	});

	step('shows a test event', async () => {
		kommo.events.happen({ entity_id: 4831596 });
		await editor.listenButton.click();
		const items = editor.outputPanel.getByTestId('ndv-data-container');
		await items.getByText('4831596').waitFor();
		await untilEqual(() => items.innerText(), expect.stringMatching(/event[^]*status[^]*leads/));
	});

	step('asks Kommo for events once it is published', async () => {
		await editor.closeNode();
		kommo.received.length = 0;
		expect(await editor.publish()).toContain('The trigger now asks Kommo for new events');
		expect(kommo.takePaths()).toEqual(['/api/v4/events']);
	});

	step('says what to do when Kommo refuses what is published', async () => {
		await editor.openNode(POLLING_TRIGGER);
		await editor.choose('events', 'Lead Added');
		await editor.closeNode();
		kommo.fault = () => ({ statusCode: 403, body: '{}' });
		await editor.startPublishing();
		expect(await editor.readNotification('Workflow could not be published')).toContain(REFUSED);
	});
});
