import { TRIGGER } from '../../scripts/example';
import { Instance, START_TIMEOUT } from '../e2e/instance';
import { readExecutions, waitUntilIdle } from './executions';
import { sendSteadily } from './requests';
import { newLeads, Tally } from './tally';
import { makeWorkflowWith, SANDBOX_ON_DEMAND } from './workflows';

jest.setTimeout(5 * 60_000);

const RATE = 20;
const SECONDS = 10;

const workflows = {
	slow: makeWorkflowWith('Slow', 'n8n-nodes-base.wait', {
		resume: 'timeInterval',
		amount: 2,
		unit: 'seconds',
	}),
};

let instance: Instance<'slow'>;

beforeAll(async () => {
	instance = await Instance.start({
		workflows,
		credentials: [],
		prepareEnv: async () => SANDBOX_ON_DEMAND,
	});
}, START_TIMEOUT);

afterAll(async () => {
	await instance?.stop();
});

test('has an execution for every request that was answered before n8n was killed', async () => {
	const { id } = workflows.slow.workflow;
	const url = instance.urlOf('slow');
	const tally = new Tally('kill -9');

	const load = sendSteadily(url, newLeads(RATE * SECONDS), RATE, tally);
	await new Promise((resolve) => setTimeout(resolve, (SECONDS / 2) * 1_000));
	await instance.n8n.kill();
	await load;
	const rest = await instance.n8n.start();
	await instance.n8n.waitForWebhook(workflows.slow.webhookPath);
	await sendSteadily(url, newLeads(RATE * SECONDS), RATE, tally);
	await waitUntilIdle(rest, id);

	const executions = await readExecutions(rest, id);
	tally.compareWith(executions);
	const refused = tally.leadsWithout200('ECONNREFUSED');
	const inFlight = tally.leadsWithout200().filter((lead) => !refused.includes(lead));
	tally.print(
		`${refused.length} refused while n8n was down`,
		`${tally.findExecuted(inFlight).length} executed of ${inFlight.length} in flight`,
		`statuses ${JSON.stringify(tally.statuses)}`,
	);
	expect(tally.counts).toMatchObject({ sent: 2 * RATE * SECONDS, missing: 0, doubled: 0 });
	expect(tally.counts.answered + inFlight.length + refused.length).toBe(tally.counts.sent);
	expect(tally.findExecuted(refused)).toEqual([]);

	// What was running is marked, keeps its events, and runs with them on Retry.
	const crashed = executions.filter(({ status }) => status !== 'success');
	expect(crashed).not.toEqual([]);
	for (const { id: crashedId, leads } of crashed) {
		expect(leads).toHaveLength(1);
		const retried = await rest.retryExecution(crashedId);
		const { status, nodes } = await rest.getExecution(retried.id);
		expect({ status, items: nodes.Stage?.flat().length }).toEqual({ status: 'success', items: 1 });
	}
	process.stdout.write(`kill -9: ${crashed.length} retried, ${crashed.length} success\n`);
	void TRIGGER;
});
