import { setTimeout as sleep } from 'node:timers/promises';

import { START_TIMEOUT } from '../support/instance';
import { makePollingWorkflow } from '../support/pollingWorkflow';
import { newLeads } from '../support/executions';
import { compare, happenAtNight, rememberEvening } from '../polling/backlog';
import { PollingN8n } from '../polling/pollingN8n';

jest.setTimeout(30 * 60_000);

const KILLS = Number(process.env.KILLS ?? 20);

/** With these, n8n 2.41 saves what the trigger remembers together with the execution. */
const DURABLE_CURSORS = {
	N8N_SCHEDULER_ENABLED: 'true',
	N8N_SCHEDULER_POLL_TRIGGERS_ENABLED: 'true',
	N8N_POLLER_DURABLE_CURSORS_ENABLED: 'true',
};

const IS_DURABLE = process.env.DURABLE_CURSORS === 'true';

/** About how long a start and its first poll take, in ms */
const POLL = 10_000;

const memory = rememberEvening();
const night = makePollingWorkflow('Night', ['lead_status_changed'], memory);

let n8n: PollingN8n;

beforeAll(async () => {
	n8n = await PollingN8n.start([night], IS_DURABLE ? DURABLE_CURSORS : {});
}, START_TIMEOUT);

afterAll(async () => {
	await n8n?.stop();
});

test(`catches up although n8n is killed ${KILLS} times in between`, async () => {
	const leads = happenAtNight(n8n.kommo.events, newLeads(2_000 * KILLS), memory);
	await n8n.rest.publish(night.id);
	for (let kill = 0; kill < KILLS; kill++) {
		await sleep((POLL * kill) / KILLS);
		await n8n.restart({ kill: true });
	}
	await n8n.waitForTheEnd(night, leads.at(-1)!);
	const executions = await n8n.executionsOf(night);
	const counts = compare(leads, executions);
	const sizes = executions.map(({ status, leads: some }) => `${some.length} ${status}`).join(', ');
	const settings = IS_DURABLE ? ' with durable cursors' : '';
	process.stdout.write(
		`${KILLS} kills${settings}: ${JSON.stringify(counts)}, executions of ${sizes}\n`,
	);
	expect(counts).toMatchObject({ missing: 0, doubled: 0 });
});
