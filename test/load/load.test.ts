import { KOMMO_WAITS } from '../../scripts/kommo/request';
import { Instance, makeWorkflow, START_TIMEOUT } from '../support/instance';
import { readExecutions } from '../support/executions';
import { sendAtOnce, sendSteadily } from '../support/requests';
import { allOnce, newLeads, Tally } from '../support/tally';
import { SANDBOX_ON_DEMAND } from '../support/workflows';

jest.setTimeout(5 * 60_000);

/** How many requests come at once */
const BURST = Number(process.env.BURST ?? 300);

describe.each([
	['n8n as it comes', {}, { rate: 2, seconds: 20 }],
	['sandbox on demand', SANDBOX_ON_DEMAND, { rate: 20, seconds: 20 }],
])('%s', (setting, env, { rate, seconds }) => {
	const workflows = {
		burst: makeWorkflow('Burst', {}),
		steady: makeWorkflow('Steady', {}),
		impatient: makeWorkflow('Impatient', {}),
	};
	type Name = keyof typeof workflows;

	let instance: Instance<Name>;

	beforeAll(async () => {
		instance = await Instance.start({ workflows, credentials: [], prepareEnv: async () => env });
	}, START_TIMEOUT);

	afterAll(async () => {
		await instance?.stop();
	});

	async function compare(tally: Tally, name: Name): Promise<void> {
		const { id } = workflows[name].workflow;
		await instance.rest.waitUntilIdle({ workflowId: id });
		tally.compareWith(await readExecutions(instance.rest, id));
	}

	test(`answers and executes ${rate} requests a second for ${seconds} s`, async () => {
		const leads = newLeads(rate * seconds);
		const tally = new Tally(`${setting}: ${rate} requests a second for ${seconds} s`);
		await sendSteadily(instance.urlOf('steady'), leads, rate, tally);
		await compare(tally, 'steady');
		tally.print();
		expect(tally.counts).toEqual(allOnce(leads.length));
		expect(tally.statuses).toEqual({ success: leads.length });
	});

	test(`answers and executes each of ${BURST} requests at once`, async () => {
		const tally = new Tally(`${setting}: burst`);
		await sendAtOnce(instance.urlOf('burst'), newLeads(BURST), tally);
		await compare(tally, 'burst');
		tally.print();
		expect(tally.counts).toEqual(allOnce(BURST));
		expect(tally.statuses).toEqual({ success: BURST });
	});

	test(`executes whatever it answers when the senders of ${BURST} requests hang up`, async () => {
		const tally = new Tally(`${setting}: burst of senders that hang up after 2 s`);
		await sendAtOnce(instance.urlOf('impatient'), newLeads(BURST), tally, KOMMO_WAITS);
		// n8n finishes what it has read, even without the sender: the next answer comes after all of it.
		await sendAtOnce(instance.urlOf('impatient'), newLeads(1), tally);
		await compare(tally, 'impatient');
		const lateOnes = tally.leadsWithout200();
		tally.print(
			`${tally.findExecuted(lateOnes).length} executed of ${lateOnes.length} that hung up`,
		);
		expect(tally.counts).toMatchObject({ sent: BURST + 1, missing: 0, doubled: 0, unknown: 0 });
	});
});
