import { ListedEvents } from '../support/polling/listedEvents';
import { PolledTrigger } from '../support/polling/polledTrigger';
import { VirtualTime } from '../support/virtualTime';

jest.setTimeout(60 * 60_000);

const HISTORIES = Number(process.env.HISTORIES ?? 300);

/** Of the first history; a failure names the one that failed. */
const SEED = Number(process.env.SEED ?? 1);

const MINUTE = 60_000;
const LEAD = 'lead_status_changed';
const CHAT = 'incoming_chat_message';
const TASK = 'task_completed';

/** In bytes */
const STATIC_DATA = { always: 400_000, atRest: 200_000 };

const DAY = 24 * 60 * MINUTE;

const time = new VirtualTime();

beforeAll(() => time.install());
afterAll(() => time.uninstall());

test(`gives every event of ${HISTORIES} random histories once, from seed ${SEED} on`, async () => {
	for (let seed = SEED; seed < SEED + HISTORIES; seed++) {
		await new History(seed).run().catch((error: Error) => {
			error.message = `SEED=${seed} HISTORIES=1: ${error.message}`;
			throw error;
		});
	}
});

test.each([
	['acme.kommo.com', 10_000, 300, 1, 1.4],
	['acme.amocrm.ru', 10_000, 300, 1, 1.4],
	['acme.kommo.com', 100_000, 300, 11, 1.4],
	['acme.kommo.com', 100_000, 1_000, 11, 1.3 * 1.4],
])(
	'%s: catches up with %i events of a day at %i ms in %i polls',
	async (host, count, latency, polls, times) => {
		// So that earlier requests no longer count for the rate limit
		await time.pass(MINUTE);
		const list = new ListedEvents(time);
		const trigger = new PolledTrigger(time, list);
		trigger.host = host;
		list.latency = () => latency;
		await trigger.begin();
		const start = time.second;
		await time.pass(DAY);
		const ids = Array.from({ length: count }, (_, number) =>
			list.happen({ created_at: start + 1 + Math.floor((number * DAY) / 1000 / count) }),
		);
		let spent = 0;
		for (let poll = 0; poll < polls && trigger.given.length < count; poll++) {
			const begun = time.now;
			await trigger.poll();
			spent += time.now - begun;
			await time.pass(MINUTE);
		}
		expect(trigger.given).toEqual(ids);
		const pages = count / (host === 'acme.kommo.com' ? 250 : 100);
		expect(spent).toBeLessThanOrEqual((times * 1000 * pages) / 7);
		await trigger.poll();
		await time.pass(MINUTE);
		list.requests = 0;
		await trigger.poll();
		expect(list.requests).toBe(1);
	},
);

test('comes to rest after 20,000 events of a minute, with little to remember', async () => {
	const list = new ListedEvents(time);
	const trigger = new PolledTrigger(time, list);
	await trigger.begin();
	const start = time.second;
	await time.pass(MINUTE);
	const ids = Array.from({ length: 20_000 }, (_, number) =>
		list.happen({ created_at: start + (number % 60) }),
	);
	for (let minute = 0; minute < 9; minute++) {
		list.requests = 0;
		await trigger.poll();
		await time.pass(MINUTE);
	}
	expect(list.requests).toBe(1);
	expect(trigger.given.toSorted()).toEqual(ids);
	expect(trigger.largestStaticData).toBeLessThan(STATIC_DATA.always);
});

test.each([
	['acme.kommo.com', 35_000],
	['acme.amocrm.ru', 14_000],
])('%s: gives all of %i events of one second, and forgets them', async (host, count) => {
	const list = new ListedEvents(time);
	const trigger = new PolledTrigger(time, list);
	trigger.host = host;
	await trigger.begin();
	const ids = list.happenOften(count, { created_at: time.second });
	await time.pass(10 * MINUTE);
	for (let minute = 0; minute < 6; minute++) {
		list.requests = 0;
		await trigger.poll();
		await time.pass(MINUTE);
	}
	expect(list.requests).toBe(1);
	expect(trigger.given.toSorted()).toEqual(ids);
	expect(trigger.largestStaticData).toBeLessThan(STATIC_DATA.always);
	expect(trigger.staticDataSize).toBeLessThan(2_000);
});

/** What may happen to a published trigger, to its n8n and to Kommo, one after the other */
class History {
	private readonly random: () => number;

	private readonly list: ListedEvents;

	private readonly trigger: PolledTrigger;

	private readonly happened = new Set<string>();

	private readonly tasks: string[] = [];

	/** What happens: a chat message costs a request, so a poll gives few of them. */
	private readonly type: string;

	private hasTasks = false;

	/** What happened, for whoever looks into a failure */
	private readonly log: string[] = [];

	constructor(seed: number) {
		this.random = mulberry32(seed);
		this.list = new ListedEvents(time, this.random);
		this.trigger = new PolledTrigger(time, this.list);
		this.type = this.random() < 0.2 ? CHAT : LEAD;
		this.trigger.events = [this.type];
		if (this.type === CHAT) this.trigger.options = { enrich: ['message'] };
	}

	async run(): Promise<void> {
		const { list, trigger, random } = this;
		list.order = this.oneOf('oldestFirst', 'newestFirst', 'none');
		list.largestPage = this.oneOf(250, 250, 100, 50);
		list.links = list.largestPage < 250 || random() < 0.8;
		list.refusesPages = random() < 0.3;
		list.tellsTime = random() < 0.8;
		trigger.host = this.oneOf('acme.kommo.com', 'acme.amocrm.ru');
		if (trigger.host === 'acme.amocrm.ru') list.largestPage = Math.min(list.largestPage, 100);
		if (random() < 0.3) trigger.cursors = new Map();
		if (random() < 0.3) trigger.budget = this.oneOf(20_000, 40_000, 300_000);
		time.skew = list.tellsTime && random() < 0.4 ? this.between(-6, 6) * MINUTE : 0;
		this.changeLatency();

		await this.publish();
		const steps = this.between(2, 12);
		for (let step = 0; step < steps; step++) {
			await time.pass(this.between(0, 3 * MINUTE));
			await this.step();
			if (random() < 0.7) await this.poll();
		}
		await this.comeToRest();
		const message = `${this.log.join(', ')}`;
		const given = new Set(trigger.given);
		const missing = [...this.happened].filter((id) => !given.has(id));
		const doubled = trigger.given.length - given.size;
		expect({ missing: missing.length, doubled, message }).toEqual({
			missing: 0,
			doubled: 0,
			message,
		});
		expect(trigger.largestStaticData).toBeLessThanOrEqual(STATIC_DATA.always);
	}

	private async step(): Promise<void> {
		const { list, trigger, random } = this;
		const steps: Array<() => Promise<void> | void> = [
			() => this.happenOften(this.between(1, 10), 60),
			() => this.happenOften(this.between(1, 60), 240),
			() => this.happenOften(this.between(100, 700), this.between(1, 240)),
			() => this.happenOften(this.between(100, 2_000), 1),
			() => this.happenAhead(),
			() => this.changeLatency(),
			() => {
				this.log.push('outage');
				list.faults.downFrom = time.now + this.between(0, 5_000);
				list.faults.downUntil = list.faults.downFrom + this.between(1, 20) * MINUTE;
			},
			() => {
				list.faults.share = this.oneOf(0, 0.05, 0.3);
			},
			async () => {
				this.log.push('killed');
				await trigger.pollUntilKilled(this.between(0, 3_000));
			},
			async () => {
				this.log.push('published again');
				await time.pass(this.between(0, 30) * MINUTE);
				await this.publish();
			},
			async () => {
				this.log.push('renamed');
				trigger.name = this.oneOf('Kommo Polling Trigger', 'Events', 'Kommo');
				if (random() < 0.5) this.happenOften(3, 30);
				await this.publish('update');
			},
			() => this.changeChoice(),
			() => this.changeWithinSecond(),
			async () => await time.pass(this.between(1, 90) * MINUTE),
		];
		await steps[Math.floor(random() * steps.length)]!();
	}

	private async publish(activation: 'activate' | 'update' = 'activate'): Promise<void> {
		for (;;) {
			try {
				await this.trigger.begin(activation);
				return;
			} catch {
				await time.pass(MINUTE);
			}
		}
	}

	private async poll(): Promise<void> {
		await this.trigger.poll().catch((error: Error) => this.log.push(error.message));
	}

	/** @param span in how many seconds before now */
	private happenOften(count: number, span: number, { late = 240 } = {}): void {
		this.log.push(`${count} in ${span} s`);
		const fewer = this.type === CHAT ? 3 : 1;
		for (let number = 0; number < count / fewer; number++) {
			const age = Math.floor(this.random() * span);
			const isLate = this.random() < 0.1;
			this.happen({
				created_at: time.second - Math.min(age, this.age),
				late: isLate ? Math.floor(this.random() * Math.max(0, late - age)) : 0,
			});
		}
	}

	private happenAhead(): void {
		const ahead = this.oneOf(60, 600, 3 * 3600);
		this.log.push(`ahead ${ahead} s`);
		const count = this.between(1, 5);
		for (let number = 0; number < count; number++) {
			this.happen({ created_at: time.second + ahead + number });
		}
	}

	private happen(event: { created_at: number; late?: number }): void {
		const type = this.hasTasks && this.random() < 0.3 ? TASK : this.type;
		const id = this.list.happen({ ...event, type });
		this.happened.add(id);
		if (type === TASK) this.tasks.push(id);
	}

	/** The greatest age of an event that the trigger must give, in seconds */
	private get age(): number {
		return Math.max(0, time.second - this.begun);
	}

	private begun = time.second + 20;

	private async changeChoice(): Promise<void> {
		this.log.push('choice');
		// What is no longer chosen does not come any more.
		const given = new Set(this.trigger.given);
		if (this.hasTasks) {
			for (const id of this.tasks) if (!given.has(id)) this.happened.delete(id);
		}
		this.hasTasks = !this.hasTasks;
		this.trigger.events = this.hasTasks ? [this.type, TASK] : [this.type];
		// What was chosen before comes first; what is chosen now counts from its first poll on.
		await this.publish('update');
		await this.polls();
		this.begun = time.second;
	}

	/** Changes the choice when a poll has given only a part of a second. */
	private async changeWithinSecond(): Promise<void> {
		const { list, trigger } = this;
		// The first poll after publishing takes 30 s at most. It must be able to read all of that second.
		const readable = (Math.min(trigger.budget ?? 30_000, 30_000) / 300) * list.largestPage;
		this.happenOften(this.type === CHAT ? 600 : Math.min(13_000, readable), 1);
		await time.pass(6 * MINUTE);
		const { length } = trigger.given;
		for (let poll = 0; poll < 4 && trigger.given.length === length; poll++) await this.poll();
		await this.changeChoice();
	}

	/** Polls until one succeeds. */
	private async polls(): Promise<void> {
		for (;;) {
			try {
				await this.trigger.poll();
				return;
			} catch {
				await time.pass(MINUTE);
			}
		}
	}

	private changeLatency(): void {
		const latency = this.oneOf(20, 100, 300, 700, 1_500);
		this.log.push(`${latency} ms`);
		this.list.latency = () => latency * (0.7 + 0.6 * this.random());
	}

	/** Polls each minute for 20 minutes, or until all chat messages may have been given, without a fault. */
	private async comeToRest(): Promise<void> {
		const { list, trigger } = this;
		list.faults.downUntil = 0;
		list.faults.share = 0;
		const minutes = 20 + (this.type === CHAT ? this.happened.size / 25 : 0);
		for (let minute = 0; minute < minutes; minute++) {
			await time.pass(MINUTE);
			await this.poll();
		}
		list.requests = 0;
		await this.poll();
		expect({
			requests: list.requests,
			message: `${list.largestPage} ${list.order} ${list.tellsTime} ${this.log.join(', ')}`,
		}).toMatchObject({ requests: 1 });
		expect(trigger.staticDataSize).toBeLessThanOrEqual(STATIC_DATA.atRest);
	}

	private between(least: number, most: number): number {
		return least + Math.floor(this.random() * (most - least + 1));
	}

	private oneOf<T>(...values: readonly T[]): T {
		return values[Math.floor(this.random() * values.length)]!;
	}
}

/** Numbers from 0 to 1, the same for the same seed, https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
function mulberry32(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}
