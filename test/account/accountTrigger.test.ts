import { EVENTS } from '../../nodes/KommoAccountTrigger/events';
import type { SimulatedEvent } from '../../scripts/kommo/events';
import { until } from '../../scripts/n8n/until';
import { AccountN8n, branchesOf } from '../support/accountN8n';
import { PUBLIC_ADDRESS } from '../support/withKommo';
import { ACCOUNT_TRIGGER, changeEvents, makeAccountWorkflow } from '../support/accountWorkflow';
import { START_TIMEOUT, type Hooked } from '../support/instance';
import { ACCESS_TOKEN } from '../../scripts/kommo/standIn/tokens';
import type { Webhook } from '../../scripts/kommo/standIn/webhooks';

jest.setTimeout(6 * 60_000);

/** An event that is newer than the trigger */
const INVOICE: SimulatedEvent = {
	name: 'invoice.add',
	code: 'add_invoice',
	entity: 'invoice',
	action: 'add',
	source: 'account',
	sampleId: 51,
	makeRecord: (id) => ({ id, number: '0051' }),
};

const CODES = EVENTS.map(({ code }) => code);

const workflows = {
	all: makeAccountWorkflow('All', [...CODES, 'other'], {
		options: { additionalEvents: 'add_invoice' },
	}),
	tested: makeAccountWorkflow('Tested', ['add_message']),
	changed: makeAccountWorkflow('Changed', ['add_message']),
	unpublished: makeAccountWorkflow('Unpublished', ['add_message']),
	refused: makeAccountWorkflow('Refused', ['add_message']),
	away: makeAccountWorkflow('Away', ['add_message']),
};
const { all, tested, changed, unpublished, refused, away } = workflows;

/** The webhooks of others: of another program, and of another trigger of this n8n */
const STRANGERS = [
	['https://crm.example.org/hook', ['add_invoice']],
	[`${PUBLIC_ADDRESS}/webhook/another/kommo?token=0a1b`, ['add_invoice']],
] as const;

const account = { id: 29085955, subdomain: 'acme', _links: { self: 'https://acme.kommo.com' } };

let n8n: AccountN8n;
let strangers: Webhook[];

/** What n8n printed before it was started again */
let earlierLog = '';

beforeAll(async () => {
	n8n = await AccountN8n.start(Object.values(workflows));
	n8n.kommo.webhooks.codes.add(INVOICE.code!);
	// On a busy machine an answer can take longer than Kommo waits. Kommo then sends the event again.
	n8n.kommo.deliveries.patience = 30_000;
	strangers = STRANGERS.map(([address, codes]) => n8n.kommo.webhooks.add(address, [...codes]));
}, START_TIMEOUT);

afterAll(async () => {
	await n8n?.stop();
});

afterEach(() => {
	const others = n8n.kommo.webhooks.registered.filter((each) => strangers.includes(each));
	expect(others.map(({ destination, settings }) => [destination, settings])).toEqual(STRANGERS);
});

const countExecutions = async ({ workflow }: Hooked) =>
	(await n8n.rest.listExecutions(workflow.id)).length;

/** n8n ends a test in the background. */
const untilRegistered = async (workflow: Hooked, times: number) =>
	await until(
		async () => n8n.registrationsOf(workflow).length === times || undefined,
		`workflow that is registered ${times} times`,
	);

const tokenOf = ({ destination }: Pick<Webhook, 'destination'>) =>
	new URL(destination).searchParams.get('token')!;

describe('a published workflow', () => {
	beforeAll(async () => {
		await n8n.publish(all);
	});

	it('is registered once, with its own token, for the chosen and the additional events', () => {
		const { destination, settings, disabled } = n8n.registrationOf(all);
		const [url, query] = destination.split('?');
		expect(url).toBe(`${PUBLIC_ADDRESS}/webhook/${all.webhookPath}`);
		expect(query).toMatch(/^token=[0-9a-f]{32}&n=1$/);
		expect(settings).toEqual([...CODES, 'add_invoice']);
		expect(disabled).toBe(false);
	});

	it('receives the text of a message', async () => {
		const { delivery, execution } = await n8n.receive(all, 'add_message', 7);
		expect(delivery).toMatchObject({ status: 200, attempts: 1 });
		expect(execution).toMatchObject({ status: 'success', mode: 'webhook' });
		expect(branchesOf(execution)).toMatchObject({
			Received: [{ text: 'Olá! What does it cost?', entity_id: 7, contact_id: 7741820 }],
		});
	});

	it('receives an event that is newer than the trigger on the output Other', async () => {
		const { delivery, execution } = await n8n.receive(all, INVOICE);
		expect(delivery).toMatchObject({ code: 'add_invoice', status: 200, attempts: 1 });
		expect(branchesOf(execution)).toEqual({
			Other: [{ event: 'add', entity: 'invoice', id: 51, number: '0051', account }],
		});
	});
});

describe('a workflow that the editor listens for', () => {
	it('is registered at its test URL until an event comes', async () => {
		const { destination } = await n8n.listen(tested);
		expect(destination).toContain(`${PUBLIC_ADDRESS}/webhook-test/${tested.webhookPath}?token=`);
		const { delivery, execution } = await n8n.receive(tested, 'add_message', 7);
		expect(delivery).toMatchObject({ destination, status: 200 });
		expect(execution).toMatchObject({ status: 'success', mode: 'manual' });
		expect(execution.nodes[ACCOUNT_TRIGGER]).toMatchObject([[{ entity_id: 7 }]]);
		await untilRegistered(tested, 0);
	});

	it('keeps the registration of the published workflow', async () => {
		const registration = await n8n.publish(tested);
		await n8n.rest.listen(tested.workflow.id, ACCOUNT_TRIGGER);
		expect(n8n.registrationsOf(tested)).toHaveLength(2);
		await n8n.rest.stopListening(tested.workflow.id);
		await untilRegistered(tested, 1);
		expect(n8n.registrationsOf(tested)).toEqual([registration]);
		const { delivery } = await n8n.receive(tested, 'add_message');
		expect(delivery).toMatchObject({ status: 200 });
	});
});

describe('a workflow that is changed', () => {
	it('is registered for the new events only, at a new address with the same token', async () => {
		const old = await n8n.publish(changed);
		await n8n.change(changed, changeEvents(changed, ['add_lead', 'add_talk']));
		const registration = n8n.registrationOf(changed);
		expect(registration.settings).toEqual(['add_lead', 'add_talk']);
		expect(registration.destination).toBe(old.destination.replace(/1$/, '2'));
		expect(n8n.kommo.webhooks.at(old.destination)).toEqual([]);

		const { delivery } = await n8n.receive(changed, 'add_talk');
		expect(delivery).toMatchObject({ status: 200 });
		expect(await n8n.postTo(old.destination, 'add_talk')).toMatchObject({ status: 200 });
	});
});

describe('a workflow that is unpublished', () => {
	it('is no longer registered, and receives nothing', async () => {
		const { destination } = await n8n.publish(unpublished);
		const before = await countExecutions(unpublished);
		expect(await n8n.rest.getStaticData(unpublished.workflow.id)).toEqual({
			[`node:${ACCOUNT_TRIGGER}`]: {
				token: tokenOf({ destination }),
				serial: 1,
				address: destination,
				account: 'acme.kommo.com',
			},
		});

		await n8n.unpublish(unpublished);
		expect(n8n.registrationsOf(unpublished)).toEqual([]);
		expect(await n8n.rest.getStaticData(unpublished.workflow.id)).toEqual({
			[`node:${ACCOUNT_TRIGGER}`]: { token: tokenOf({ destination }), serial: 1 },
		});
		const deliveries = await n8n.kommo.deliveries.happen('add_message');
		expect(deliveries.map(({ destination: address }) => address)).not.toContain(destination);
		expect(await n8n.postTo(destination)).toMatchObject({ status: 404 });
		expect(await countExecutions(unpublished)).toBe(before);
	});
});

describe('a workflow that Kommo refuses to register', () => {
	it('says why, and can be published later', async () => {
		const reason = 'Not a valid choice at {destination}.';
		n8n.kommo.webhooks.refusal = { status: 422, path: 'settings.0', reason };
		const problem = await n8n.publish(refused).catch(String);
		n8n.kommo.webhooks.refusal = undefined;
		expect(problem).toContain(
			'Kommo does not know the event Message Received (422: Not a valid choice at the webhook URL).',
		);
		expect(problem).not.toMatch(/token=|[0-9a-f]{32}/);
		expect(n8n.registrationsOf(refused)).toEqual([]);

		await n8n.publish(refused);
		const { delivery } = await n8n.receive(refused, 'add_message');
		expect(delivery).toMatchObject({ status: 200 });
		await n8n.unpublish(refused);
	});
});

describe('n8n that was away', () => {
	it('is registered as before, and receives once what happened meanwhile', async () => {
		const registration = await n8n.publish(away);
		earlierLog += n8n.n8n.log;
		await n8n.n8n.stop();
		// As behind a proxy that waits until n8n is ready: before that, n8n answers 200 and takes nothing.
		delete n8n.kommo.deliveries.origins[PUBLIC_ADDRESS];
		// Longer than n8n's start takes on a busy machine
		n8n.kommo.deliveries.retryAfter = Array.from({ length: 180 }, () => 1_000);
		await n8n.kommo.deliveries.happen('add_message', { id: 77 });
		const deliveries = n8n.kommo.deliveries.made.filter(
			({ destination }) => destination === registration.destination,
		);
		expect(deliveries.at(-1)).toMatchObject({ status: 'ENOTFOUND', attempts: 1 });

		await n8n.n8n.start();
		n8n.kommo.deliveries.origins[PUBLIC_ADDRESS] = n8n.n8n.url;
		await n8n.kommo.deliveries.settle();
		expect(deliveries.at(-1)).toMatchObject({ status: 200 });
		expect(n8n.registrationsOf(away)).toEqual([registration]);
		const { workflow } = away;
		const execution = await n8n.rest.waitForExecution(workflow.id);
		expect(branchesOf(execution)).toMatchObject({ Received: [{ entity_id: 77 }] });
		expect(await countExecutions(away)).toBe(1);
	});
});

describe('no secret', () => {
	const listSecrets = () => {
		return [ACCESS_TOKEN, ...new Set(n8n.kommo.webhooks.asked.map(tokenOf))];
	};

	it('is in any execution', async () => {
		expect(listSecrets().length).toBeGreaterThan(5);
		for (const { workflow } of Object.values(workflows)) {
			const executions = await n8n.rest.listExecutions(workflow.id);
			for (const { id } of executions) {
				const recorded = await n8n.rest.getRawExecution(id);
				expect(listSecrets().filter((secret) => recorded.includes(secret))).toEqual([]);
			}
		}
	});

	it("is in n8n's log", () => {
		const log = earlierLog + n8n.n8n.log;
		expect(log.split('n8n ready').length - 1).toBe(2);
		expect(listSecrets().filter((secret) => log.includes(secret))).toEqual([]);
	});
});
