import { Instance, makeWorkflow, START_TIMEOUT } from '../e2e/instance';
import { readExecutions, waitUntilIdle } from './executions';
import { sendAtOnce, sendSteadily } from './requests';
import { newLeads, Tally } from './tally';

jest.setTimeout(3 * 60_000);

const BURST = 300;
const RATE = 20;
const SECONDS = 60;

const workflows = {
	burst: makeWorkflow('Burst', {}),
	steady: makeWorkflow('Steady', {}),
};

let instance: Instance<keyof typeof workflows>;

beforeAll(async () => {
	instance = await Instance.start({ workflows, credentials: [] });
}, START_TIMEOUT);

afterAll(async () => {
	await instance?.stop();
});

async function compare(tally: Tally, name: keyof typeof workflows): Promise<void> {
	const { id } = workflows[name].workflow;
	await waitUntilIdle(instance.rest, id);
	tally.compareWith(await readExecutions(instance.rest, id));
	tally.print();
}

const allOnce = (count: number) => ({
	sent: count,
	answered: count,
	executed: count,
	missing: 0,
	doubled: 0,
	unknown: 0,
});

test(`answers and executes each of ${BURST} requests at once`, async () => {
	const tally = new Tally('burst');
	await sendAtOnce(instance.urlOf('burst'), newLeads(BURST), tally);
	await compare(tally, 'burst');
	expect(tally.counts).toEqual(allOnce(BURST));
	expect(tally.statuses).toEqual({ success: BURST });
});

test(`answers a steady load of ${RATE} requests a second while Kommo waits`, async () => {
	const tally = new Tally('steady');
	await sendSteadily(instance.urlOf('steady'), newLeads(RATE * SECONDS), RATE, tally);
	await compare(tally, 'steady');
	expect(tally.counts).toEqual(allOnce(RATE * SECONDS));
	expect(tally.statuses).toEqual({ success: RATE * SECONDS });
	expect(tally.shareInTime).toBeGreaterThanOrEqual(0.99);
});
