import { makeWorkflow, START_TIMEOUT } from '../support/instance';
import { TRIGGER } from '../../scripts/n8n/example';
import { USER_CREDENTIAL } from '../support/pollingWorkflow';
import type { Editor } from './editor';
import { Session, stepsIn, untilEqual } from './session';

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

const ANY = { __rl: true, mode: 'list', value: '' };
const withStageRule = makeWorkflow(
	'Stage rule',
	{
		authentication: 'accessToken',
		filters: { stages: { rules: [{ pipeline: ANY, from: ANY, to: ANY }] } },
	},
	{ [USER_CREDENTIAL.type]: { id: USER_CREDENTIAL.id, name: USER_CREDENTIAL.name } },
);

let session: Session<never>;
let editor: Editor;

beforeAll(async () => {
	session = await Session.start({
		workflows: {},
		drafts: [withHttpRequest, withStageRule],
		credentials: [USER_CREDENTIAL],
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

	const chosen = async (parameter: string) =>
		await editor.parameters
			.getByTestId(`resource-locator-${parameter}`)
			.getByTestId('rlc-input-container')
			.locator('input')
			.inputValue();

	/** n8n would clear the stage, and a rule without one takes leads in any stage. */
	step('keeps the stage of a rule when its pipeline is chosen, and lists its stages', async () => {
		await editor.openWorkflow(withStageRule.workflow.id);
		await editor.openNode(TRIGGER);
		await editor.chooseLoaded('to', 'Closed - won');
		await editor.chooseLoaded('pipeline', 'Sales');
		const stages = await editor.chooseLoaded('from', 'Sales: Contract');
		expect(stages).toEqual([
			'Sales: Negotiation',
			'Sales: Contract',
			'Closed - won',
			'Closed - lost',
		]);
		await untilEqual(() => chosen('to'), 'Closed - won');
	});

	step('warns when the stage belongs to another pipeline, until it is chosen again', async () => {
		const warning = editor.page.getByText('A stage rule has a stage of another pipeline');
		expect(await warning.count()).toBe(0);
		await editor.chooseLoaded('pipeline', 'Support');
		await warning.waitFor();
		await untilEqual(() => chosen('from'), 'Sales: Contract');
		await editor.chooseLoaded('from', 'Support: Open');
		await warning.waitFor({ state: 'detached' });
		await untilEqual(() => chosen('to'), 'Closed - won');
	});
});
