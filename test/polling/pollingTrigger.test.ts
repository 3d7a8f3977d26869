import { START_TIMEOUT } from '../support/instance';
import { ACCESS_TOKEN } from '../../scripts/kommo/standIn/tokens';
import { makePollingWorkflow, POLLING_TRIGGER } from '../support/pollingWorkflow';
import { newLeads } from '../support/executions';
import { compare, happenAtNight, rememberEvening } from './backlog';
import { PollingN8n } from './pollingN8n';

jest.setTimeout(5 * 60_000);

const STAGE = ['lead_status_changed'];
const NIGHT_EVENTS = 10_000;

const memory = rememberEvening();
const polled = makePollingWorkflow('Polled', STAGE);
const renamed = makePollingWorkflow('Renamed', STAGE);
const night = makePollingWorkflow('Night', STAGE, memory);

let n8n: PollingN8n;

beforeAll(async () => {
	n8n = await PollingN8n.start([polled, renamed, night]);
}, START_TIMEOUT);

afterAll(async () => {
	await n8n?.stop();
});

afterEach(() => {
	n8n.kommo.fault = undefined;
	expect(n8n.log).not.toContain(ACCESS_TOKEN);
});

test('gives what happens after it was published, once', async () => {
	const now = Math.floor(Date.now() / 1000);
	n8n.kommo.events.happen({ created_at: now - 10, entity_id: 4 });
	await n8n.rest.publish(polled.id);
	n8n.kommo.events.happen({ entity_id: 5 });
	await n8n.restart();
	await n8n.waitForLead(polled, 5);
	n8n.takeRequests();
	await n8n.restart();
	await n8n.waitUntil('poll', async () => n8n.takeRequests() > 0);
	expect(await n8n.executionsOf(polled)).toMatchObject([
		{ status: 'success', leads: [5], branches: ['After'] },
	]);
});

test('polls as often as Poll Times says, shows why a poll fails, and goes on afterwards', async () => {
	n8n.kommo.fault = () => ({ statusCode: 403, body: '{}' });
	n8n.kommo.events.happen({ entity_id: 6 });
	await n8n.waitUntil('poll that fails', async () =>
		(await n8n.executionsOf(polled)).some(({ status }) => status === 'error'),
	);
	const failed = (await n8n.executionsOf(polled)).find(({ status }) => status === 'error');
	const raw = await n8n.rest.getRawExecution(String(failed?.id));
	expect(raw).toContain('(403)');
	expect(raw).not.toContain(ACCESS_TOKEN);

	n8n.kommo.fault = undefined;
	await n8n.restart();
	await n8n.waitForLead(polled, 6);
	expect(await n8n.leadsOf(polled)).toEqual([5, 6]);
});

test('starts while Kommo cannot be reached, and goes on afterwards', async () => {
	n8n.kommo.fault = () => ({ statusCode: 401, body: '{}' });
	n8n.kommo.events.happen({ entity_id: 7 });
	await n8n.restart();
	await n8n.waitUntil('warning', async () => n8n.log.includes('(401)'));
	n8n.kommo.fault = undefined;
	await n8n.waitForLead(polled, 7);
	await n8n.rest.unpublish(polled.id);
});

test('fetches the newest event as a test event', async () => {
	const { mode, nodes } = await n8n.rest.executeManually(polled.id, POLLING_TRIGGER);
	expect(mode).toBe('manual');
	expect(nodes[POLLING_TRIGGER]?.[0]?.map(({ id }) => id)).toEqual([expect.any(Number)]);
});

test('goes on with a node that is renamed before its next poll, and renamed back', async () => {
	const { id, nodes } = renamed;
	const toNext = { main: [[{ node: 'After', type: 'main', index: 0 }]] };
	const leads = newLeads(3);
	const given = async () => {
		const executions = await n8n.rest.listExecutions(id);
		const all = await Promise.all(
			executions.map(async (execution) => await n8n.rest.getExecution(execution.id)),
		);
		const items = all.flatMap((execution) => Object.values(execution.nodes)[0]?.flat() ?? []);
		return items.map((item) => item.id).sort();
	};
	await n8n.rest.publish(id);
	for (const [index, name] of ['Events', POLLING_TRIGGER, 'Events'].entries()) {
		n8n.kommo.events.happen({ entity_id: leads[index]! });
		const changed = nodes.map((node) => (node.name === POLLING_TRIGGER ? { ...node, name } : node));
		await n8n.rest.saveNodes(id, changed, { [name]: toNext });
		await n8n.rest.publish(id);
	}
	await n8n.waitUntil('third event', async () => (await given()).includes(leads[2]!));
	expect(await given()).toEqual(leads.toSorted());
	await n8n.rest.unpublish(id);
});

test('catches up with a night without n8n, in order, each event once', async () => {
	const leads = happenAtNight(n8n.kommo.events, newLeads(NIGHT_EVENTS), memory);
	n8n.takeRequests();
	const started = Date.now();
	await n8n.rest.publish(night.id);
	const last = leads.at(-1)!;
	const isCaughtUp = async () => (await n8n.leadsOf(night)).includes(last);
	// Each start is a poll.
	let staticData = 0;
	for (let starts = 0; !(await isCaughtUp()) && starts < 8; starts++) {
		const kept = JSON.stringify(await n8n.rest.getStaticData(night.id));
		staticData = Math.max(staticData, kept.length);
		await n8n.restart();
		const count = (await n8n.executionsOf(night)).length;
		await n8n.waitUntil('poll', async () => (await n8n.executionsOf(night)).length > count);
	}
	const executions = await n8n.executionsOf(night);
	const counts = compare(leads, executions);
	const sizes = executions.map((execution) => execution.leads.length).join(', ');
	process.stdout.write(
		`a night: ${JSON.stringify(counts)}, executions of ${sizes} events, ${n8n.takeRequests()} requests, ${Math.round((Date.now() - started) / 1000)} s, ${staticData} bytes of static data\n`,
	);
	expect(counts).toMatchObject({ missing: 0, doubled: 0 });
	const given = executions.flatMap((execution) => execution.leads);
	expect(given.filter((lead) => leads.includes(lead))).toEqual(leads);
});
