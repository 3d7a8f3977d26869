import { CHOICES } from '../../nodes/KommoPipelineTrigger/events';
import { readRequest, TRIGGER } from '../../scripts/n8n/example';
import { postAsKommo } from '../../scripts/kommo/request';
import { makeBody } from '../../scripts/kommo/body';
import { findEvent } from '../../scripts/kommo/events';
import { CHAT_HOST, ChatStandIn } from '../support/chatStandIn';
import { ADMINISTRATOR } from '../support/accountWorkflow';
import { useFilledExample } from '../support/filledExample';
import { MODEL_CREDENTIAL, MODEL_HOST, ModelStandIn } from '../support/modelStandIn';
import { makeWorkflow, START_TIMEOUT, useExample, type Instance } from '../support/instance';
import type { Editor } from './editor';
import { takeCanvasPicture, takePicture } from './pictures';
import { Session, stepsIn, untilEqual } from './session';

jest.setTimeout(180_000);

const LABELS: readonly string[] = CHOICES.map(({ output }) => output);
const NO_OPERATION = 'No Operation, do nothing';

const won = useExample('won-lead-to-team.json');
/** A trigger alone and without parameters, as other programs write workflows */
const standard = makeWorkflow('Standard', { events: undefined });
Object.assign(standard.workflow, {
	nodes: standard.workflow.nodes.filter(({ name }) => name === TRIGGER),
	connections: {},
	pinData: {},
});
/** As users fill them in, without a red mark. Their pictures are taken without a run. */
const PICTURED = ['single-output-switch'];
const pictured = PICTURED.map((name) => ({ name, ...useFilledExample(`${name}.json`) }));

/** As it is imported */
const draft = useExample('answer-a-chat.json');
const routing = useExample('route-by-event.json');

const QUESTION = 'Olá! What does it cost?';
const ANSWER = 'Olá, Ana! A chair costs R$ 100. How many would you like?';

/** With the text beside it, in place of its note */
const answering = useFilledExample('answer-a-chat.json');
const makeNote = (name: string, position: number[], content: string, color: number) => ({
	id: name,
	name,
	type: 'n8n-nodes-base.stickyNote',
	typeVersion: 1,
	position,
	parameters: { content, color, width: 240, height: 144 },
});
Object.assign(answering.workflow, {
	nodes: [
		...answering.workflow.nodes.filter(({ type }) => !type.endsWith('.stickyNote')),
		makeNote('Question', [-320, -24], `**Ana**, on WhatsApp\n\n${QUESTION}`, 4),
		makeNote('Answer', [1024, -24], `**In the same chat**\n\n${ANSWER}`, 5),
	],
});

const chat = new ChatStandIn();
const model = new ModelStandIn();
let session: Session<'won' | 'routing'>;
let instance: Instance<'won' | 'routing'>;
let editor: Editor;

beforeAll(async () => {
	session = await Session.start({
		workflows: { won, routing },
		drafts: [...pictured, draft, standard, answering],
		credentials: [ADMINISTRATOR, MODEL_CREDENTIAL],
		otherHosts: {
			[CHAT_HOST]: async (request) => await chat.answer(request),
			[MODEL_HOST]: async (request) => await model.answer(request),
		},
	});
	({ instance, editor } = session);
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
	step('adds it for a chat message, with one way to the first event', async () => {
		await editor.openNodesPanel();
		await editor.searchNodes('kommo');
		await editor.listedNode('Kommo Pipeline').click();
		await editor.listedNode('On incoming chat message').click();
		await editor.page.getByText('To your first event').waitFor();
		const chosen = editor.page.getByTestId('parameter-input-events').locator('.el-tag');
		await untilEqual(() => chosen.allInnerTexts(), ['Incoming Chat Message']);
	});

	step('shows it with one output, which "+" connects', async () => {
		await editor.closeNode();
		await untilEqual(() => editor.labels(TRIGGER, 1), ['Chat']);
		await editor.addNodeBehind(TRIGGER, 0, NO_OPERATION);
		await untilEqual(() => editor.wires(), [`Chat > ${NO_OPERATION}`]);
	});

	step('lets mock data leave on it', async () => {
		await editor.openNode(TRIGGER);
		await editor.setMockData('[{ "event": "chat", "entity": "leads", "id": 5 }]');
		await editor.closeNode();
		await editor.executeWorkflow();
		await untilEqual(() => editor.litBranches(), [NO_OPERATION]);
		await editor.openNode(TRIGGER);
		await editor.outputPanel.getByTestId('ndv-unpin-data').click();
	});

	step('shows a test event without a click', async () => {
		const url = await editor.copyUrl('test');
		await editor.listen();
		const { status } = await postAsKommo(session.atInstance(url), makeBody(findEvent('chat')!));
		expect(status).toBe(200);

		const items = editor.outputPanel.getByTestId('ndv-data-container');
		await items.getByText('4831596').waitFor();
		await untilEqual(() => items.innerText(), expect.stringMatching(/event[^]*chat[^]*leads/));
		await takePicture(editor.page, 'output-panel', editor.outputPanel, { maxHeight: 300 });
	});

	step('keeps the wire when events are added, each with an output below', async () => {
		await editor.choose('events', 'Stage Changed');
		await editor.choose('events', 'Incoming Call');
		await editor.choose('events', 'Other Events');
		await takePicture(editor.page, 'parameters', editor.parameters, { maxHeight: 660 });
		await editor.closeNode();
		await untilEqual(() => editor.labels(TRIGGER, 4), ['Chat', 'Stage', 'Call', 'Other']);
		await untilEqual(() => editor.wires(), [`Chat > ${NO_OPERATION}`]);
	});

	step('warns of settings that contradict each other', async () => {
		await editor.openNode(TRIGGER);
		const hints = editor.outputPanel.getByTestId('run-data-hints');
		for (const event of ['Other Events', 'Incoming Call', 'Stage Changed']) {
			await editor.unselect('events', event);
		}
		await editor.add('Add Filter', 'Ignore Unchanged Stages');
		const warning = hints.getByText('Ignore Unchanged Stages has nothing to filter');
		await warning.waitFor();
		await editor.choose('events', 'Stage Changed');
		await warning.waitFor({ state: 'hidden' });
		await editor.closeNode();
		await untilEqual(() => editor.labels(TRIGGER, 2), ['Chat', 'Stage']);
	});

	step('lights up the branch of an event that came to the published workflow', async () => {
		await editor.addNodeBehind(TRIGGER, 1, NO_OPERATION);
		await untilEqual(() => editor.wires(), [`Chat > ${NO_OPERATION}`, `Stage > ${NO_OPERATION}1`]);
		await editor.openNode(TRIGGER);
		const url = session.atInstance(await editor.copyUrl('production'));
		await editor.closeNode();
		expect(await editor.publish()).toContain('the Production URL of the trigger, not its Test URL');
		await instance.n8n.waitForWebhook(new URL(url).pathname.replace('/webhook/', ''));

		const { workflowId } = editor;
		const before = await instance.rest.listExecutions(workflowId);
		for (const event of ['call_in', 'message.add', 'status']) {
			await postAsKommo(url, makeBody(findEvent(event)!));
		}
		const execution = await instance.rest.waitForExecution(workflowId, before[0]?.id);
		expect(await instance.rest.listExecutions(workflowId)).toHaveLength(before.length + 1);
		await editor.openExecution(workflowId, execution.id);
		await untilEqual(() => editor.litBranches(), [`${NO_OPERATION}1`]);
	});
});

describe('a trigger as it comes, without a choice', () => {
	step('has all events of the digital pipeline, and not the others', async () => {
		await editor.openWorkflow(standard.workflow.id);
		const events = LABELS.filter((label) => label !== 'Other');
		await untilEqual(() => editor.labels(TRIGGER, events.length), events);
		await takeCanvasPicture(editor.page, 'canvas', { withNotes: false });
	});
});

describe('the examples', () => {
	step('won-lead-to-team lights up the way of a won lead to the team', async () => {
		const { id } = won.workflow;
		await editor.openWorkflow(id);
		await takeCanvasPicture(editor.page, 'won-lead-to-team');

		const { execution } = await instance.run('won', async (url) =>
			postAsKommo(url, readRequest('status').replace('=16203337&', '=142&')),
		);
		expect(chat.messages).toEqual([expect.stringMatching(/^Lead 4831596 was won/)]);
		await editor.openExecution(id, execution.id);
		await untilEqual(() => editor.litBranches(), ['Compose Message', 'Post to Team Chat']);
	});

	step('route-by-event lights up one of its eight outputs', async () => {
		const { execution } = await instance.run('routing', async (url) =>
			postAsKommo(url, readRequest('status')),
		);
		await editor.openExecution(routing.workflow.id, execution.id);
		await untilEqual(() => editor.litBranches(), ['Stage']);
		await takeCanvasPicture(editor.page, 'route-by-event', { withNotes: false });
	});

	step('answer-a-chat lights up the way of a message to its answer', async () => {
		const { id } = answering.workflow;
		const { talks, deliveries } = session.kommo;
		const { makeRecord, sampleId } = findEvent('add_message')!;
		const { id: message } = makeRecord(sampleId) as { id: string };
		talks.open({ talk_id: 166, entity_id: sampleId });
		talks.write(166, { id: message, text: QUESTION });
		model.answers.push(ANSWER);
		await instance.rest.publish(id);
		await deliveries.happen('add_message');
		const { id: execution, status } = await instance.rest.waitForExecution(id);
		expect(status).toBe('success');
		expect(talks.sent).toEqual([{ talk_id: 166, text: ANSWER }]);
		await editor.openExecution(id, execution);
		await untilEqual(
			() => editor.litBranches(),
			expect.arrayContaining(['Get Unanswered', 'AI Agent', 'Send Message']),
		);
		await takeCanvasPicture(editor.page, 'answer-a-chat', { isLightOnly: true });
		await instance.rest.unpublish(id);
	});

	it.each(pictured)('$name is drawn', async ({ name, workflow }) => {
		await editor.openWorkflow(workflow.id);
		await takeCanvasPicture(editor.page, name);
	});

	step('answer-a-chat shows the answer where it is sent, and unpins it in the panel', async () => {
		await editor.openWorkflow(draft.workflow.id);
		await editor.executeWorkflow();
		await untilEqual(() => editor.litBranches(), expect.arrayContaining(['AI Agent']));
		await editor.openNode('Send Message');
		await editor.parameters.getByText('A chair costs R$ 100').waitFor();
		await editor.closeNode();
		for (const name of ['Get Unanswered', 'AI Agent', 'Send Message']) {
			await editor.openNode(name);
			await editor.outputPanel.getByText('Unpin', { exact: true }).click();
			await editor.outputPanel.getByTestId('ndv-pinned-data-callout').waitFor({ state: 'hidden' });
			await editor.closeNode();
		}
	});
});
