import type { Browser } from 'playwright-core';

import { CHOICES } from '../../nodes/KommoPipelineTrigger/events';
import { readRequest, TRIGGER } from '../../scripts/n8n/example';
import { postAsKommo } from '../../scripts/kommo/request';
import { makeBody } from '../../scripts/kommo/body';
import { findEvent } from '../../scripts/kommo/events';
import { Instance, START_TIMEOUT, useExample } from '../support/instance';
import { launchChromium } from './chromium';
import { Editor } from './editor';
import { takeCanvasPicture, takePicture, takePictureOfFailure } from './pictures';

jest.setTimeout(180_000);

const LABELS: readonly string[] = CHOICES.map(({ output }) => output);
const NO_OPERATION = 'No Operation, do nothing';

/** What n8n takes for its own address, as in a picture of a user's n8n */
const PUBLIC_ADDRESS = 'https://n8n.example.com/';

const routing = useExample('route-by-event.json');
const drafts = ['won-lead-to-chat', 'single-output-switch'].map((name) => ({
	name,
	...useExample(`${name}.json`),
}));

let instance: Instance<'routing'>;
let browser: Browser;
let editor: Editor;

beforeAll(async () => {
	instance = await Instance.start({
		workflows: { routing },
		drafts,
		credentials: [],
		prepareEnv: async () => ({ N8N_WEBHOOK_URL: PUBLIC_ADDRESS }),
	});
	browser = await launchChromium();
	editor = await Editor.open(browser, instance.n8n.url);
	await editor.newWorkflow();
}, START_TIMEOUT);

afterAll(async () => {
	await browser?.close();
	await instance?.stop();
});

afterEach(() => {
	expect(editor?.complaints.splice(0) ?? []).toEqual([]);
});

/** What stands at the outputs of the trigger, once there are so many; below it n8n writes how many items left. */
const labels = async (count: number) => {
	const outputs = editor.outputs(TRIGGER);
	await outputs.nth(count - 1).waitFor();
	await outputs.nth(count).waitFor({ state: 'detached' });
	return (await outputs.allInnerTexts()).map((text) => text.split('\n')[0]);
};

/** A step that shows, when it fails, what the browser showed. */
const step = (name: string, run: () => Promise<void>) =>
	it(name, async () => {
		try {
			await run();
		} catch (error) {
			console.log(`The editor at that time: ${await takePictureOfFailure(editor.page)}`);
			throw error;
		}
	});

/** The first five minutes of a person with this node: each step goes on where the one before ended. */
describe("n8n's editor", () => {
	step('finds the trigger by "kommo" and by "amocrm"', async () => {
		await editor.openNodesPanel();
		for (const text of ['kommo', 'qwertz', 'amocrm']) {
			await editor.searchNodes(text);
			const isKnown = text !== 'qwertz';
			await editor.listedNode('Kommo Pipeline').waitFor({ state: isKnown ? 'visible' : 'hidden' });
		}
	});

	step('adds it for the event that is chosen', async () => {
		await editor.listedNode('Kommo Pipeline').click();
		await editor.listedNode('On stage changed').click();
		await editor.page.getByText('Try one event while you build').waitFor();
		const chosen = editor.page.getByTestId('parameter-input-events').locator('.el-tag');
		await chosen.first().waitFor();
		expect(await chosen.allInnerTexts()).toEqual(['Stage Changed']);
	});

	step('shows it with eight labelled outputs', async () => {
		await editor.closeNode();
		expect(await labels(LABELS.length)).toEqual(LABELS);
		await takeCanvasPicture(editor.page, 'canvas');
	});

	step('shows a test event under the output of its kind', async () => {
		await editor.openNode(TRIGGER);
		await editor.choose('events', 'Incoming Chat Message');
		const url = await editor.copyUrl('test');
		await editor.page.getByTestId('trigger-execute-button').click();
		await editor.page.getByTestId('trigger-listening').waitFor();
		const { status } = await postAsKommo(atInstance(url), makeBody(findEvent('chat')!));
		expect(status).toBe(200);

		await editor.outputPanel.getByText('Chat Branch (1 item)').click();
		await editor.outputPanel.getByTestId('radio-button-json').click();
		const items = editor.outputPanel.getByTestId('ndv-data-container');
		await items.getByText('"chat"').waitFor();
		expect(await items.innerText()).toMatch(/"id":\s*4831596\b/);
		await takePicture(editor.page, 'output-panel', editor.outputPanel, { maxHeight: 440 });
	});

	step('warns of settings that keep the trigger silent', async () => {
		const hints = editor.outputPanel.getByTestId('run-data-hints');
		await editor.add('Add Filter', 'Entities');
		await editor.choose('entities', 'Customer');
		await editor.unselect('events', 'Incoming Chat Message');
		await hints.getByText('Entities leaves out every event').waitFor();
		await editor.choose('entities', 'Lead');
		await hints.getByText('Entities leaves out').waitFor({ state: 'hidden' });

		await editor.add('Add Filter', 'Stage Changes Only');
		await editor.unselect('events', 'Stage Changed');
		await hints.getByText('Stage Changes Only has nothing to filter').waitFor();
		await editor.choose('otherEvents', 'Ignore');
		await hints.getByText('the workflow never starts').waitFor();

		await editor.choose('events', 'Stage Changed');
		await editor.choose('events', 'Incoming Chat Message');
		await editor.unselect('entities', 'Customer');
		await hints.getByText(/\w/).waitFor({ state: 'hidden' });
	});

	step('draws a single output, and the eight again', async () => {
		await editor.choose('outputMode', 'Single Output');
		await editor.closeNode();
		expect(await labels(1)).toEqual(['Events']);
		await editor.openNode(TRIGGER);
		await editor.choose('outputMode', 'One Output per Event');
		await editor.closeNode();
		expect(await labels(LABELS.length)).toEqual(LABELS);
	});

	step('lights up the branch of an event that came to the published workflow', async () => {
		for (const output of ['Stage', 'Chat']) {
			await editor.addNodeBehind(TRIGGER, LABELS.indexOf(output), NO_OPERATION);
		}
		await editor.openNode(TRIGGER);
		const url = atInstance(await editor.copyUrl('production'));
		await takePicture(editor.page, 'parameters', editor.parameters);
		await editor.closeNode();
		expect(await editor.publish()).toContain('the Production URL of the trigger, not its Test URL');
		await instance.n8n.waitForWebhook(new URL(url).pathname.replace('/webhook/', ''));

		const { workflowId } = editor;
		const before = await instance.rest.listExecutions(workflowId);
		for (const event of ['call_in', 'customers.chat', 'chat']) {
			await postAsKommo(url, makeBody(findEvent(event)!));
		}
		const execution = await instance.rest.waitForExecution(workflowId, before[0]?.id);
		expect(await instance.rest.listExecutions(workflowId)).toHaveLength(before.length + 1);
		await editor.openExecution(workflowId, execution.id);
		expect(await editor.litBranches()).toEqual([`${NO_OPERATION}1`]);
	});
});

describe('the examples', () => {
	step('route-by-event lights up the branch of a chat message', async () => {
		const { id } = routing.workflow;
		await editor.openWorkflow(id);
		expect(await editor.countCutNotes()).toBe(0);
		await takeCanvasPicture(editor.page, 'route-by-event');

		const { execution } = await instance.run('routing', async (url) =>
			postAsKommo(url, readRequest('chat')),
		);
		await editor.openExecution(id, execution.id);
		expect(await editor.litBranches()).toEqual(['Chat']);
		await takeCanvasPicture(editor.page, 'execution', { withNotes: false });
	});

	it.each(drafts)('$name is drawn whole', async ({ name, workflow }) => {
		await editor.openWorkflow(workflow.id);
		expect(await editor.drawnNodes()).toEqual(
			workflow.nodes.filter(({ type }) => !type.endsWith('.stickyNote')).map((node) => node.name),
		);
		expect(await editor.countCutNotes()).toBe(0);
		await takeCanvasPicture(editor.page, name);
	});
});

/** The URL with the address that the instance listens at, in place of its public one. */
function atInstance(url: string): string {
	return url.replace(PUBLIC_ADDRESS, `${instance.n8n.url}/`);
}
