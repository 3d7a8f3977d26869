import { setTimeout as sleep } from 'node:timers/promises';

import { CHOICES } from '../../nodes/KommoAccountTrigger/events';
import { makeBody } from '../../scripts/kommo/body';
import { findEvent } from '../../scripts/kommo/events';
import { postAsKommo } from '../../scripts/kommo/request';
import { ACCOUNT_TRIGGER, makeAccountWorkflow } from '../support/accountWorkflow';
import { newLeads, readExecutions } from '../support/executions';
import { until } from '../../scripts/n8n/until';
import { START_TIMEOUT } from '../support/instance';
import type { KommoStandIn } from '../../scripts/kommo/standIn/kommoStandIn';
import { PUBLIC_ADDRESS } from '../support/withKommo';
import { Cluster } from './cluster';

jest.setTimeout(3 * 60_000);

/** In ms: the time between two events, and how long they continue after a change */
const PAUSE = 50;
const AFTERWARDS = 3_000;

const EVENTS = ['add_message', 'status_lead', 'add_lead'];
const FEWER = EVENTS.slice(0, 2);
const PROCESSORS = ['webhook-1', 'webhook-2'] as const;

const { workflow, webhookPath } = makeAccountWorkflow('Account', EVENTS);

let kommo: KommoStandIn;
let cluster: Cluster;

beforeAll(async () => {
	cluster = await Cluster.start([{ workflow, webhookPath }]);
	({ kommo } = cluster);
}, START_TIMEOUT);

afterAll(async () => {
	await cluster?.stop();
});

const eventOf = (lead: number) => FEWER[lead % FEWER.length]!;

const outputOf = (code: string) => CHOICES.find((event) => event.code === code)!.output;

const listPosts = () =>
	kommo.received.filter(({ method, path }) => method === 'POST' && path.endsWith('/webhooks'));

const countEnqueued = (name: (typeof PROCESSORS)[number]) =>
	cluster.processes[name].log.split('Enqueued execution').length - 1;

/** Asks each webhook processor by itself, at a registered address. Gives the statuses of their answers. */
async function askEach(address: string): Promise<number[]> {
	const body = makeBody(findEvent('add_message')!, { id: newLeads(1)[0] });
	return await Promise.all(
		PROCESSORS.map(async (name) => {
			const url = address.replace(PUBLIC_ADDRESS, cluster.processes[name].url);
			return (await postAsKommo(url, body)).status;
		}),
	);
}

/** The executions that Kommo's deliveries must have started, and those that there are, both by lead. */
async function compareExecutions() {
	await kommo.deliveries.settle();
	await cluster.rest.waitUntilIdle({ workflowId: workflow.id });
	const executions = await readExecutions(cluster.rest, workflow.id, ACCOUNT_TRIGGER);
	const sent = new Set(kommo.deliveries.made.map(({ id }) => id));
	return {
		expected: kommo.deliveries.made
			.filter(({ status }) => status === 200)
			.map(({ id, code }) => `${id} ${outputOf(code)}`)
			.sort(),
		executed: executions
			.filter(({ leads }) => leads.some((lead) => sent.has(lead)))
			.map(({ leads, branches }) => `${leads} ${branches}`)
			.sort(),
	};
}

test('is registered once, and both webhook processors take its events, each of which runs once on its branch', async () => {
	expect(listPosts()).toHaveLength(1);
	expect(kommo.webhooks.registered).toMatchObject([
		{
			destination: expect.stringContaining(`${PUBLIC_ADDRESS}/webhook/${webhookPath}?token=`),
			settings: EVENTS,
		},
	]);
	const leads = newLeads(40);
	for (const lead of leads) await kommo.deliveries.happen(eventOf(lead), { id: lead });
	expect(kommo.deliveries.made.filter(({ status }) => status === 200)).toHaveLength(leads.length);
	const { expected, executed } = await compareExecutions();
	expect(executed).toEqual(expected);
	for (const name of PROCESSORS) {
		expect(countEnqueued(name)).toBeGreaterThanOrEqual(leads.length / 4);
	}
});

test('both webhook processors refuse a forged token', async () => {
	const forged = `${PUBLIC_ADDRESS}/webhook/${webhookPath}?token=${'0'.repeat(32)}`;
	expect(await askEach(forged)).toEqual([401, 401]);
});

test('loses no event that Kommo sends to the new address when other events are published', async () => {
	const old = kommo.webhooks.registered[0]!.destination;
	const answers: Array<{ time: number; status?: unknown }> = [];
	let isDone = false;
	const change = (async () => {
		const nodes = workflow.nodes.map((node) =>
			node.name === ACCOUNT_TRIGGER
				? { ...node, parameters: { ...node.parameters, events: FEWER } }
				: node,
		);
		await cluster.rest.saveNodes(workflow.id, nodes);
		await cluster.rest.publish(workflow.id);
		await sleep(AFTERWARDS);
	})().finally(() => (isDone = true));
	for (let lead = newLeads(1)[0]!; !isDone; lead = newLeads(1)[0]!) {
		const time = Date.now();
		const [delivery] = await kommo.deliveries.happen(eventOf(lead), { id: lead });
		answers.push({ time, status: delivery?.status });
		await sleep(PAUSE);
	}
	await change;

	expect(kommo.webhooks.registered).toMatchObject([{ settings: FEWER }]);
	const address = kommo.webhooks.registered[0]!.destination;
	expect(address).not.toBe(old);
	const { expected, executed } = await compareExecutions();
	expect(executed).toEqual(expected);
	const toNew = kommo.deliveries.made.filter(({ destination }) => destination === address);
	expect(toNew.filter(({ status }) => status !== 200)).toEqual([]);
	expect(toNew.length).toBeGreaterThan(AFTERWARDS / PAUSE / 4);

	const registered = listPosts().at(-1)!.time;
	const unregistered = kommo.received.findLast(({ method }) => method === 'DELETE')!.time;
	const refused = answers.filter(({ time, status }) => time >= registered && status !== 200);
	process.stdout.write(
		`queue mode: no registration for ${registered - unregistered} ms, then ${refused.length} of ${toNew.length} refused at first (${[...new Set(refused.map(({ status }) => status))]}), the last ${refused.length > 0 ? refused.at(-1)!.time - registered : 0} ms after it\n`,
	);
	expect(await askEach(address)).toEqual([200, 200]);
	// Kommo's further attempts there are accepted too.
	expect(await askEach(old)).toEqual([200, 200]);
});

test('leaves nothing registered when it is unpublished', async () => {
	const { destination } = kommo.webhooks.registered[0]!;
	await cluster.rest.unpublish(workflow.id);
	await until(
		async () => kommo.webhooks.registered.length === 0 || undefined,
		'end of the registration',
	);
	expect(await askEach(destination)).toEqual([404, 404]);
});
