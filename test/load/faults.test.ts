import { httpBuildQuery } from '../../scripts/kommo/httpBuildQuery';
import { Instance, makeWorkflow, START_TIMEOUT } from '../support/instance';
import { readExecutions } from '../support/executions';
import { post, postLead, sendAtOnce, sendSteadily } from '../support/requests';
import { breakOff, trickleOver } from './slowClients';
import { allOnce, newLeads, Tally } from '../support/tally';
import { makeWorkflowWith, SANDBOX_ON_DEMAND } from '../support/workflows';

jest.setTimeout(2 * 60_000);

const MEGABYTE = 2 ** 20;

const workflows = {
	failing: makeWorkflowWith('Failing', 'n8n-nodes-base.stopAndError', { errorMessage: 'Out' }),
	large: makeWorkflow('Large', {}),
	trickling: makeWorkflow('Trickling', {}),
	broken: makeWorkflow('Broken', {}),
};

type Name = keyof typeof workflows;

let instance: Instance<Name>;

beforeAll(async () => {
	instance = await Instance.start({
		workflows,
		credentials: [],
		prepareEnv: async () => ({ ...SANDBOX_ON_DEMAND, N8N_PAYLOAD_SIZE_MAX: '1' }),
	});
}, START_TIMEOUT);

afterAll(async () => {
	await instance?.stop();
});

async function listExecutions(name: Name) {
	const { id } = workflows[name].workflow;
	await instance.rest.waitUntilIdle({ workflowId: id });
	return await readExecutions(instance.rest, id);
}

test('answers 200 when the workflow fails, and keeps the event in the failed execution', async () => {
	const tally = new Tally('failing workflow');
	await sendSteadily(instance.urlOf('failing'), newLeads(50), 10, tally);
	tally.compareWith(await listExecutions('failing'));
	tally.print(`statuses ${JSON.stringify(tally.statuses)}`);
	expect(tally.counts).toEqual(allOnce(50));
	expect(tally.statuses).toEqual({ error: 50 });
});

test('runs a body under the payload limit whole, and one over it not at all', async () => {
	const url = instance.urlOf('large');
	const leads = newLeads(3_000);
	const write = (ids: number[]) =>
		httpBuildQuery({
			leads: { status: ids.map((id) => ({ id, status_id: 142, pipeline_id: 7 })) },
		});
	const under = write(leads);
	const over = write([...leads, ...leads, ...leads]);
	expect(under.length).toBeLessThan(MEGABYTE);
	expect(over.length).toBeGreaterThan(MEGABYTE);

	const answers = {
		under: await post(url, under),
		overAsForm: await post(url, over),
		overAsUnknown: await post(url, over, { contentType: 'x-kommo/form' }),
		next: (await postLead(url, newLeads(1)[0] ?? 0)).result,
	};
	const executions = await listExecutions('large');
	process.stdout.write(
		`payload limit of 1 MB: ${leads.length} records in ${under.length} bytes answered ` +
			`${answers.under}, ${executions[0]?.leads.length} executed; ${over.length} bytes answered ` +
			`${answers.overAsForm} as a form and ${answers.overAsUnknown} as an unknown type, ` +
			`0 executed; the next answered ${answers.next}\n`,
	);
	expect(answers).toEqual({ under: 200, overAsForm: 500, overAsUnknown: 413, next: 200 });
	expect(executions.map(({ leads: { length } }) => length)).toEqual([leads.length, 1]);
	expect(executions[0]?.leads).toEqual(leads);
});

test('executes a body that trickles in once and whole, and answers others meanwhile', async () => {
	const url = instance.urlOf('trickling');
	const slow = new Tally('50 bodies that trickle over 5 s');
	const meanwhile = new Tally('meanwhile, 10 requests a second');
	await Promise.all([
		sendAtOnce(url, newLeads(50), slow, { write: trickleOver(5_000) }),
		sendSteadily(url, newLeads(40), 10, meanwhile),
	]);
	const executions = await listExecutions('trickling');
	for (const tally of [slow, meanwhile]) {
		tally.compareWith(executions);
		tally.print();
	}
	expect(slow.counts).toEqual({ ...allOnce(50), unknown: 40 });
	expect(meanwhile.counts).toEqual({ ...allOnce(40), unknown: 50 });
	// Waiting for the slow ones, most would take longer.
	expect(meanwhile.shareInTime).toBeGreaterThanOrEqual(0.5);
});

test('executes nothing of a body that breaks off, and the next request', async () => {
	const url = instance.urlOf('broken');
	const broken = new Tally('100 connections that close within the body');
	await sendAtOnce(url, newLeads(100), broken, { write: breakOff });
	const next = new Tally('the next 20 requests');
	await sendSteadily(url, newLeads(20), 20, next);
	const executions = await listExecutions('broken');
	for (const tally of [broken, next]) {
		tally.compareWith(executions);
		tally.print();
	}
	expect(broken.counts).toMatchObject({ sent: 100, answered: 0, executed: 0 });
	expect(next.counts).toEqual(allOnce(20));
});
