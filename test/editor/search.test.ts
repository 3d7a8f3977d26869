import { makeWorkflow, START_TIMEOUT } from '../support/instance';
import type { Editor } from './editor';
import { Session, stepsIn } from './session';

jest.setTimeout(180_000);

const HTTP_REQUEST = 'HTTP Request';

const withHttpRequest = makeWorkflow('Credentials', {});
Object.assign(withHttpRequest.workflow, {
	nodes: [
		{
			id: 'http',
			name: HTTP_REQUEST,
			type: 'n8n-nodes-base.httpRequest',
			typeVersion: 4.2,
			position: [400, 0],
			parameters: { authentication: 'predefinedCredentialType' },
		},
	],
	connections: {},
	pinData: {},
});

let session: Session<never>;
let editor: Editor;

beforeAll(async () => {
	session = await Session.start({
		workflows: {},
		drafts: [withHttpRequest],
		credentials: [],
	});
	({ editor } = session);
}, START_TIMEOUT);

afterAll(async () => {
	await session?.stop();
});

const step = stepsIn(() => session);

/** What people look for and find. It runs in both versions of n8n. */
describe("n8n's editor", () => {
	/** n8n ranks an alias higher with a capital inside: without "leAd", its node Uplead comes first. */
	step('finds first the node that people look for', async () => {
		await editor.openNodesPanel();
		for (const [text, name] of [
			['lead', 'Kommo Pipeline'],
			['crm lead', 'Kommo Pipeline'],
			['kommo whatsapp', 'Kommo Account'],
			['chat message', 'Kommo Account'],
		] as const) {
			await editor.searchNodes(text);
			await editor.listed.first().getByText(name, { exact: true }).waitFor();
		}
	});

	/** For "kommo" alone n8n ranks the shortest name first, which is Kommo Chat. */
	step('lists the triggers before Kommo Chat, where n8n lets them', async () => {
		await editor.searchNodes('amocrm');
		await editor.listed.nth(3).getByText('Kommo Chat', { exact: true }).waitFor();
	});

	step("offers both ways to Kommo's API in HTTP Request", async () => {
		await editor.openWorkflow(withHttpRequest.workflow.id);
		await editor.openNode(HTTP_REQUEST);
		const types = editor.parameters.getByTestId('credential-select');
		await types.locator('input').click();
		const options = editor.page.locator('.el-select-dropdown__item:visible');
		for (const name of ['Kommo Access Token API', 'Kommo OAuth2 API']) {
			await types.locator('input').fill(name);
			await options.getByText(name, { exact: true }).waitFor();
		}
	});
});
