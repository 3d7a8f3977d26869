import { setTimeout as sleep } from 'node:timers/promises';

import { START_TIMEOUT } from '../support/instance';
import { makePollingWorkflow } from '../support/pollingWorkflow';
import { newLeads } from '../support/tally';
import { compare } from '../polling/backlog';
import { PollingN8n } from '../polling/pollingN8n';

jest.setTimeout(90 * 60_000);

const MINUTES = Number(process.env.OUTAGE_MINUTES ?? 60);

const EVENTS_A_MINUTE = 20;

/** One after the other, for a minute each */
const FAULTS = [502, 503, 429];

const workflow = makePollingWorkflow('Outage', ['lead_status_changed']);

let n8n: PollingN8n;

beforeAll(async () => {
	n8n = await PollingN8n.start([workflow]);
}, START_TIMEOUT);

afterAll(async () => {
	await n8n?.stop();
});

test(`catches up after Kommo's API was away for ${MINUTES} minutes`, async () => {
	await n8n.rest.publish(workflow.id);
	const leads = newLeads(MINUTES * EVENTS_A_MINUTE);
	let down = true;
	const faultNow = () => ({ statusCode: FAULTS[Math.floor(Date.now() / 60_000) % FAULTS.length]! });
	n8n.kommo.fault = () => (down ? faultNow() : undefined);
	for (const entity_id of leads) {
		n8n.kommo.events.happen({ entity_id });
		await sleep(60_000 / EVENTS_A_MINUTE);
	}
	const failedRequests = n8n.takeRequests();
	down = false;
	await n8n.waitForLead(workflow, leads.at(-1)!);
	const executions = await n8n.executionsOf(workflow);
	const failed = executions.filter(({ status }) => status === 'error').length;
	const counts = compare(leads, executions);
	process.stdout.write(
		`${MINUTES} minutes without the API: ${JSON.stringify(counts)}, ${failed} failed polls, ${failedRequests} requests meanwhile, ${n8n.takeRequests()} afterwards\n`,
	);
	expect(counts).toMatchObject({ missing: 0, doubled: 0 });
	expect(failed).toBeGreaterThan(0);
});
