import { name as packageName, version } from '../../package.json';
import { newLeads } from '../support/executions';
import { START_TIMEOUT } from '../support/instance';
import { NpmRegistry } from '../support/npmRegistry';
import { makePollingWorkflow } from '../support/pollingWorkflow';
import { PollingN8n } from './pollingN8n';

jest.setTimeout(5 * 60_000);

const NEXT_VERSION = '1000.0.0';

/** In seconds */
const POLL_EVERY = 5;

const registry = new NpmRegistry();

/** n8n refuses a poll time of less than a minute, but takes several in one minute. */
const pollTimes = {
	item: Array.from({ length: 60 / POLL_EVERY }, (_, index) => ({
		mode: 'custom',
		cronExpression: `${index * POLL_EVERY} * * * * *`,
	})),
};
const workflows = [{}, { startFromNow: true }].map((options, index) =>
	makePollingWorkflow(`Updated ${index}`, ['lead_status_changed'], undefined, {
		options,
		pollTimes,
	}),
);

let n8n: PollingN8n;

beforeAll(async () => {
	const hosts = {
		[NpmRegistry.HOST]: async (request: { url: string }) => registry.answer(request),
	};
	n8n = await PollingN8n.start(workflows, {}, hosts);
}, START_TIMEOUT);

afterAll(async () => {
	await n8n?.stop();
});

/** Waits until each workflow has polled again. */
async function waitForPolls(): Promise<void> {
	n8n.takeRequests();
	let asked = 0;
	await n8n.waitUntil('polls', async () => (asked += n8n.takeRequests()) >= workflows.length);
}

/** Lets an event happen twice a second until the work is done. Gives their leads. */
async function happenWhile(work: () => Promise<void>): Promise<number[]> {
	const leads: number[] = [];
	const timer = setInterval(() => {
		const [entity_id] = newLeads(1) as [number];
		leads.push(entity_id);
		n8n.kommo.events.happen({ entity_id });
	}, 500);
	await work().finally(() => clearInterval(timer));
	return leads;
}

test('gives each event once while the package is updated', async () => {
	await registry.publish(version);
	await registry.publish(NEXT_VERSION);
	await n8n.rest.installPackage(packageName, version);
	for (const { id } of workflows) await n8n.rest.publish(id);
	const leads = await happenWhile(async () => {
		await waitForPolls();
		await n8n.rest.updatePackage(packageName, NEXT_VERSION);
		await waitForPolls();
	});
	for (const workflow of workflows) await n8n.waitForLead(workflow, leads.at(-1)!);
	const given = await Promise.all(workflows.map(async (each) => await n8n.leadsOf(each)));
	expect(given).toEqual(workflows.map(() => leads));
});
