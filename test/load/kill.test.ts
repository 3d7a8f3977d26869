import type { RestClient } from '../../scripts/n8n/restClient';
import { Instance, START_TIMEOUT } from '../support/instance';
import { readExecutions, type Recorded } from '../support/executions';
import { sendSteadily } from '../support/requests';
import { newLeads, Tally } from '../support/tally';
import { makeWorkflowWith, SANDBOX_ON_DEMAND } from '../support/workflows';

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

/** Retries an execution; gives the leads that came out of its slow node. */
async function retry(rest: RestClient, { id }: Recorded) {
	const retried = await rest.retryExecution(id);
	const { status, nodes } = await rest.getExecution(retried.id);
	return { status, leads: (nodes.Stage ?? []).flat().map((item) => item.id) };
}

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
	await rest.waitUntilIdle({ workflowId: id });

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

	// What was running is marked, keeps its event, and runs with it on Retry.
	const crashed = executions.filter(({ status }) => status === 'crashed');
	const retried = await Promise.all(crashed.map(async (each) => await retry(rest, each)));
	const successes = retried.filter(({ status }) => status === 'success');
	process.stdout.write(
		`kill -9: ${crashed.length} crashed, ${successes.length} successful on retry\n`,
	);
	expect(Object.keys(tally.statuses).sort()).toEqual(['crashed', 'success']);
	expect(retried).toEqual(crashed.map(({ leads }) => ({ status: 'success', leads })));
});
