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
	await editor.openWorkflow(withHttpRequest.workflow.id);
}, START_TIMEOUT);

afterAll(async () => {
	await session?.stop();
});

const step = stepsIn(() => session);

describe("n8n's editor", () => {
	step("offers both ways to Kommo's API in HTTP Request", async () => {
		await editor.openNode(HTTP_REQUEST);
		const types = editor.parameters.getByTestId('credential-select');
		await types.locator('input').click();
		const options = editor.page.locator('.el-select-dropdown__item:visible');
		for (const name of ['Kommo Access Token API', 'Kommo OAuth2 API']) {
			await types.locator('input').fill(name);
			await options.getByText(name, { exact: true }).waitFor();
		}
		await editor.page.keyboard.press('Escape');
		await editor.closeNode();
	});
});
