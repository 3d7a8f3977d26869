import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import { AccountHooks, type HookSetup } from '../support/accountHooks';
import { letTimeFly } from '../support/virtualTime';
import { Webhooks, type WebhookRefusal } from '../../scripts/kommo/standIn/webhooks';

jest.setTimeout(5 * 60_000);

const EVENTS = [['add_message'], ['add_message', 'add_lead'], ['status_lead', 'other']];

/** Two n8n, of which the second has its workflow from an export of the first */
const ORIGINS = ['https://n8n.example.com', 'https://copy.example.org'];
const PATH = '/webhook/5b1e/kommo';
const STRANGERS = [
	'https://crm.example.org/hook',
	`${ORIGINS[0]}/webhook/another/kommo?token=${'0'.repeat(32)}&n=1`,
	`${ORIGINS[0]}/webhook-test/5b1e/kommo?token=${'0'.repeat(32)}&n=1`,
	`${ORIGINS[0]}${PATH}/`,
];

/** What Kommo refuses all requests with, or those of some methods */
const REFUSALS = {
	unavailable: { status: 503 },
	forbidden: { status: 403 },
	blocked: { status: 200, isPage: true },
	noList: { status: 503, methods: ['GET'] },
	noDelete: { status: 403, methods: ['DELETE'] },
} satisfies Record<string, WebhookRefusal>;

/** How many answers of Kommo are lost */
const LOST = { lost: 1, lostTwice: 2 };

type Fault = keyof typeof REFUSALS | keyof typeof LOST | undefined;

const faults = [...Object.keys(REFUSALS), ...Object.keys(LOST)] as Fault[];
const fault = fc.option(fc.constantFrom(...faults), { nil: undefined });
const n8n = fc.constantFrom<number>(0, 0, 0, 1);

const does = <Step extends string>(step: Step) => fc.constant(step);
const events = fc.nat({ max: 2 });
const account = fc.constantFrom('acme', 'beta');

const steps = fc.array(
	fc.oneof(
		{ weight: 4, arbitrary: fc.record({ does: does('publish'), n8n, events, fault }) },
		{ weight: 2, arbitrary: fc.record({ does: does('unpublish'), n8n, fault }) },
		fc.record({ does: does('restart'), n8n, fault }),
		fc.record({ does: does('rename'), n8n, to: fc.nat({ max: 1 }) }),
		{ weight: 2, arbitrary: fc.record({ does: does('export'), n8n }) },
		{ weight: 2, arbitrary: fc.record({ does: does('import'), n8n }) },
		fc.record({ does: does('changeAccount'), n8n, to: account }),
		fc.record({ does: does('disable') }),
	),
	{ maxLength: 12, size: 'max' },
);

type Step = ReturnType<typeof steps.generate>['value'][number];

const publish = (events: number, fault?: Fault): Step => ({
	does: 'publish',
	n8n: 0,
	events,
	fault,
});

/** An old memory comes back, with which the next address would be one that Kommo already has. */
const STALE: Step[] = [
	publish(0),
	{ does: 'export', n8n: 0 },
	publish(1),
	{ does: 'import', n8n: 0 },
	publish(2),
];

const STALE_WITHOUT_LIST: Step[] = [...STALE.slice(0, -1), publish(2, 'noList')];

/** An n8n with the workflow: what it has saved for the node, by the node's name */
class Instance {
	memories: Record<string, IDataObject> = {};

	name = 'first';

	account = 'acme';

	events: readonly string[] = EVENTS[0]!;

	isPublished = false;

	constructor(
		readonly url: string,
		private readonly hooks: AccountHooks,
	) {}

	get memory(): IDataObject {
		return this.memories[this.name] ?? {};
	}

	/** As n8n does: `delete` of what is published, then up to 5 times `checkExists`, `create`, and `delete` when that throws. */
	async publish(events: readonly string[]): Promise<boolean> {
		if (this.isPublished) await this.delete();
		this.events = events;
		const staticData = { ...this.memory };
		for (
			let attempt = 0;
			attempt < 5 && !(this.isPublished = await this.register(staticData));
			attempt++
		) {
			await this.call('delete', staticData).catch(() => undefined);
		}
		// n8n saves it only then.
		if (this.isPublished) this.memories[this.name] = staticData;
		return this.isPublished;
	}

	/** As n8n 1.x does at its start */
	async restart(): Promise<void> {
		if (!this.isPublished) return;
		const staticData = { ...this.memory };
		this.isPublished = await this.register(staticData, 'init');
		if (!this.isPublished) await this.call('delete', staticData).catch(() => undefined);
		this.memories[this.name] = staticData;
	}

	async delete(): Promise<void> {
		const staticData = { ...this.memory };
		await this.call('delete', staticData).catch(() => undefined);
		this.memories[this.name] = staticData;
		this.isPublished = false;
	}

	private async register(staticData: IDataObject, activation?: 'init'): Promise<boolean> {
		try {
			return (
				(await this.call('checkExists', staticData, activation)) ||
				(await this.call('create', staticData, activation))
			);
		} catch {
			return false;
		}
	}

	private async call(
		hook: 'checkExists' | 'create' | 'delete',
		staticData: IDataObject,
		activation?: 'init',
	) {
		const { name, url, events, account } = this;
		const setup: HookSetup = { name, url, events, account, staticData, activation };
		return await this.hooks.call(hook, setup);
	}
}

class World {
	readonly accounts = { 'acme.kommo.com': new Webhooks(), 'beta.kommo.com': new Webhooks() };

	readonly hooks = new AccountHooks(this.accounts);

	readonly instances = ORIGINS.map((origin) => new Instance(origin + PATH, this.hooks));

	exported: Record<string, IDataObject> = {};

	constructor(manner: Webhooks['onSecondPost']) {
		for (const webhooks of Object.values(this.accounts)) {
			webhooks.onSecondPost = manner;
			for (const address of STRANGERS) webhooks.add(address, ['add_lead']);
		}
	}

	/** What is registered in an account at the URL, or at all others */
	list(host: string, url: string, isOwn: boolean) {
		const { registered } = this.accounts[host as keyof World['accounts']];
		return registered.filter(({ destination }) => (destination.split('?')[0] === url) === isOwn);
	}

	break(fault: Fault): void {
		for (const webhooks of Object.values(this.accounts)) {
			webhooks.lostAnswers = fault && fault in LOST ? LOST[fault as keyof typeof LOST] : 0;
			webhooks.refusal =
				fault && fault in REFUSALS ? REFUSALS[fault as keyof typeof REFUSALS] : undefined;
		}
	}
}

const tokenOf = (address: string) => new URL(address).searchParams.get('token');

describe('whatever happens to the trigger, its memory and Kommo,', () => {
	letTimeFly();

	test('it touches only its own URL, has one correct registration when it is published, and leaves nothing behind', async () => {
		await fc.assert(
			fc.asyncProperty(
				steps,
				fc.constantFrom('add', 'replace', 'keep'),
				async (history, manner) => {
					const world = new World(manner);
					for (const step of history) await take(world, step);
					for (const instance of world.instances) {
						await take(world, {
							does: 'unpublish',
							n8n: world.instances.indexOf(instance),
							fault: undefined,
						});
					}
				},
			),
			{
				numRuns: Number(process.env.RUNS ?? 50),
				examples: [
					[STALE, 'add'],
					[STALE, 'keep'],
					[STALE_WITHOUT_LIST, 'keep'],
				],
			},
		);
	});
});

async function take(world: World, step: Step): Promise<void> {
	if (step.does === 'disable') {
		for (const { url } of world.instances) {
			for (const webhook of world.list('acme.kommo.com', url, true)) webhook.disabled = true;
		}
		return;
	}
	const instance = world.instances[step.n8n]!;
	const { url } = instance;
	const host = `${instance.account}.kommo.com`;
	const others = () =>
		JSON.stringify(Object.keys(world.accounts).map((account) => world.list(account, url, false)));
	const before = others();
	switch (step.does) {
		case 'publish': {
			world.break(step.fault);
			const isPublished = await instance.publish(EVENTS[step.events]!);
			if (!step.fault) expect(isPublished).toBe(true);
			const own = world.list(host, url, true);
			if (isPublished) {
				const right = own.filter(
					({ disabled, settings }) =>
						!disabled &&
						String(settings) === String(EVENTS[step.events]!.filter((code) => code !== 'other')),
				);
				expect(right.map(({ destination }) => destination)).toContain(instance.memory.address);
				expect(tokenOf(right.at(-1)!.destination)).toBe(instance.memory.token);
				if (!step.fault || step.fault?.startsWith('lost')) expect(own).toHaveLength(1);
			}
			break;
		}
		case 'unpublish':
			world.break(step.fault);
			await instance.delete();
			if (!step.fault || step.fault?.startsWith('lost'))
				expect(world.list(host, url, true)).toEqual([]);
			break;
		case 'restart': {
			world.break(step.fault);
			const own = world.list(host, url, true).map(({ destination }) => destination);
			const wasHere = own.includes(String(instance.memory.address));
			await instance.restart();
			const isThere = world.list(host, url, true).length > 0;
			if (wasHere && step.fault === 'unavailable')
				expect({ isThere, ...instance }).toMatchObject({ isThere: true });
			break;
		}
		case 'rename':
			instance.name = ['first', 'second'][step.to]!;
			break;
		case 'export':
			world.exported = structuredClone(instance.memories);
			break;
		case 'import':
			// While n8n is stopped: the trigger is not told.
			instance.memories = structuredClone(world.exported);
			instance.isPublished = false;
			break;
		case 'changeAccount':
			instance.account = step.to;
			break;
	}
	world.break(undefined);
	expect(others()).toBe(before);
}
