import { setTimeout as sleep } from 'node:timers/promises';

import { makeBody } from '../../scripts/kommo/body';
import { findEvent } from '../../scripts/kommo/events';
import { TRIGGER } from '../../scripts/n8n/example';
import { until } from '../../scripts/n8n/until';
import { post } from '../../scripts/simulate/outcome';
import { compare, happenAtNight, rememberEvening, takeOver } from '../polling/backlog';
import { newLeads, readExecutions } from '../support/executions';
import { makeWorkflow, START_TIMEOUT } from '../support/instance';
import { makePollingWorkflow, POLLING_TRIGGER, USER_CREDENTIAL } from '../support/pollingWorkflow';
import { startWithKommo, type WithKommo } from '../support/withKommo';

jest.setTimeout(5 * 60_000);

const NIGHT_EVENTS = 10_000;

/** Of Kommo's API, in ms */
const LATENCY = 300;

/** In ms */
const SECOND = 1_000;

/** When the webhooks come, in ms from the first request for the backlog: 10 spread, and 10 at once */
const MOMENTS = [
	...Array.from({ length: 10 }, (_, index) => index * 500),
	...Array.from({ length: 10 }, () => 2_750),
];

const memory = rememberEvening();
const night = makePollingWorkflow('Night', ['lead_status_changed'], memory);
const { type, id, name } = USER_CREDENTIAL;
const enriched = makeWorkflow(
	'Enriched',
	{ authentication: 'accessToken', options: { enrich: ['record'] } },
	{ [type]: { id, name } },
);

let running: WithKommo<'enriched'>;

beforeAll(async () => {
	await takeOver([night]);
	running = await startWithKommo({
		workflows: { enriched },
		drafts: [{ workflow: night, webhookPath: '' }],
		credentials: [USER_CREDENTIAL],
	});
}, START_TIMEOUT);

afterAll(async () => {
	await running?.stop();
});

/** Sends a webhook for each lead at its moment. Gives how long the answers took in ms, the shortest first. */
async function sendWebhooks(leads: number[]): Promise<number[]> {
	const url = running.instance.urlOf('enriched');
	const outcomes = await Promise.all(
		leads.map(async (lead, index) => {
			await sleep(MOMENTS[index]);
			return await post(url, makeBody(findEvent('status')!, { id: lead }));
		}),
	);
	return outcomes.map(({ ms }) => Math.round(ms)).sort((a, b) => a - b);
}

/** The items that the trigger has given for the webhooks */
async function readItems() {
	const { rest } = running.instance;
	const listed = await rest.listExecutions(enriched.workflow.id);
	const executions = await Promise.all(
		listed.map(async (each) => await rest.getExecution(each.id)),
	);
	return executions.flatMap(({ nodes }) => nodes[TRIGGER]!.flat());
}

test('gives 20 webhooks their record in time while 10,000 events are caught up', async () => {
	const { kommo, instance } = running;
	const events = happenAtNight(kommo.events, newLeads(NIGHT_EVENTS), memory);
	kommo.fault = async () => {
		await sleep(LATENCY);
		return undefined;
	};
	const askedForEvents = () => kommo.received.filter(({ path }) => path.includes('/events?'));
	const publishing = instance.rest.publish(night.id);
	await until(async () => askedForEvents()[0], 'request for the backlog');
	const leads = newLeads(MOMENTS.length);
	const taken = await sendWebhooks(leads);
	const beforeTheLast = askedForEvents().length;
	await publishing;
	const readNight = async () => await readExecutions(instance.rest, night.id, POLLING_TRIGGER);
	await until(async () => (await readNight())[0], 'execution with the backlog');
	await instance.rest.waitUntilIdle();

	const counts = compare(events, await readNight());
	const times = kommo.received.map(({ time }) => time);
	const busiest = Math.max(
		...times.map((start) => times.filter((time) => time >= start && time < start + SECOND).length),
	);
	process.stdout.write(
		`20 webhooks beside ${JSON.stringify(counts)}: median ${taken[9]} ms, p95 ${taken[18]} ms, slowest ${taken[19]} ms, ${times.length} requests, at most ${busiest} in a second\n`,
	);
	const items = await readItems();
	expect(items.map((item) => item.id).sort()).toEqual(leads);
	for (const item of items) {
		expect(item).toMatchObject({ record: { id: item.id } });
		expect(item).not.toHaveProperty('enrichment_error');
	}
	expect(busiest).toBeLessThanOrEqual(7);
	expect(counts).toMatchObject({ missing: 0, doubled: 0 });
	// The backlog was not caught up before the last webhook.
	expect(askedForEvents().length).toBeGreaterThan(beforeTheLast);
});
