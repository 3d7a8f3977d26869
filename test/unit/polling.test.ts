import { assert, asyncProperty, array, constantFrom, integer, record } from 'fast-check';

import { alone } from '../../nodes/KommoPollingTrigger/polling/alone';
import type {
	ListedEvent,
	Page,
	ReadPage,
} from '../../nodes/KommoPollingTrigger/polling/eventList';
import {
	choose,
	listNew,
	OVERLAP,
	remember,
	startAt,
	type Memory,
} from '../../nodes/KommoPollingTrigger/polling/memory';
import { readOn } from '../../nodes/KommoPollingTrigger/polling/reading';

const START = 1_700_000_000;
const PAGE = 2;
const CHOSEN = ['lead_added'];

/** So many events one poll reads at most */
const SLICE = 50 * PAGE;

type Order = 'oldestFirst' | 'newestFirst' | 'shuffled';

interface Listed extends ListedEvent {
	visibleFrom: number;
}

/** A list of events with pages of two, and a trigger that polls it. */
class Account {
	clock = START;

	order: Order = 'shuffled';

	requests = 0;

	onRequest?: () => void;

	/** Fails the request with this number after the last poll */
	failing?: number;

	readonly given: string[] = [];

	memory: Partial<Memory> = {};

	private readonly listed: Listed[] = [];

	happen(created_at = this.clock, { type = 'lead_added', late = 0 } = {}): string {
		const id = `event-${this.listed.length}`;
		this.listed.push({
			id,
			type,
			created_at,
			visibleFrom: Math.max(created_at, this.clock) + late,
		});
		return id;
	}

	happenOften(count: number, created_at?: number): string[] {
		return Array.from({ length: count }, () => this.happen(created_at));
	}

	/**
	 * Polls; gives the ids of the events that are given.
	 *
	 * @param options.clock that of n8n, if it is wrong
	 */
	async poll(types = CHOSEN, { clock = this.clock } = {}): Promise<string[]> {
		this.requests = 0;
		const memory = choose({ ...startAt(clock), ...this.memory }, types, clock);
		const reading = await readOn(this.reader(types), memory, 20_000, clock);
		const found = listNew(reading.events, memory);
		// n8n keeps it as JSON.
		this.memory = JSON.parse(JSON.stringify(remember(memory, found, reading))) as Memory;
		const ids = found.map(({ id }) => id);
		this.given.push(...ids);
		return ids;
	}

	/** Polls each minute until nothing comes, twice. */
	async catchUp(): Promise<void> {
		for (let empty = 0; empty < 2; this.clock += 60) {
			empty = (await this.poll()).length > 0 ? 0 : empty + 1;
		}
	}

	private reader(types: string[]): ReadPage {
		return async ({ from = -Infinity, to = Infinity }, page): Promise<Page> => {
			this.requests++;
			this.onRequest?.();
			if (this.requests === this.failing) throw new Error('The request failed');
			const events = this.listed.filter(
				({ type, created_at, visibleFrom }) =>
					types.includes(type) &&
					created_at >= from &&
					created_at <= to &&
					visibleFrom <= this.clock,
			);
			const sorted = this.sort(events);
			return {
				events: sorted.slice((page - 1) * PAGE, page * PAGE),
				hasNext: sorted.length > page * PAGE,
			};
		};
	}

	private sort(events: Listed[]): Listed[] {
		if (this.order === 'shuffled') {
			return events.sort((a, b) => hash(a.id) - hash(b.id));
		}
		const direction = this.order === 'oldestFirst' ? 1 : -1;
		return events.sort((a, b) => direction * (a.created_at - b.created_at));
	}
}

const hash = (id: string) => (Number(id.slice('event-'.length)) * 2_654_435_761) % 4_294_967_296;

describe('polling', () => {
	afterEach(() => {
		jest.restoreAllMocks();
	});

	it('starts at now, and asks once when nothing happens', async () => {
		const account = new Account();
		account.happen(START - 1);
		expect(await account.poll()).toEqual([]);
		account.clock += 60;
		expect(await account.poll()).toEqual([]);
		expect(account.requests).toBe(1);
	});

	it('gives events of one second on both sides of a poll, each once', async () => {
		const account = new Account();
		await account.poll();
		const first = account.happen();
		expect(await account.poll()).toEqual([first]);
		const second = account.happen();
		expect(await account.poll()).toEqual([second]);
		account.clock += 60;
		expect(await account.poll()).toEqual([]);
	});

	it('gives the oldest first, whatever the order of the list', async () => {
		for (const order of ['oldestFirst', 'newestFirst', 'shuffled'] as const) {
			const account = new Account();
			account.order = order;
			await account.poll();
			const ids = Array.from({ length: 30 }, () => {
				account.clock += 1;
				return account.happen();
			});
			expect(await account.poll()).toEqual(ids);
		}
	});

	it('gives an event that shows up minutes late', async () => {
		const account = new Account();
		await account.poll();
		const late = account.happen(START, { late: OVERLAP - 10 });
		account.clock += OVERLAP - 60;
		const punctual = account.happen();
		expect(await account.poll()).toEqual([punctual]);
		account.clock += 60;
		expect(await account.poll()).toEqual([late]);
		expect(await account.poll()).toEqual([]);
	});

	it('gives nothing of a poll that fails, and all of it at the next one', async () => {
		const account = new Account();
		await account.poll();
		const ids = account.happenOften(9);
		for (const failing of [1, 2, 3, 4, 5]) {
			account.failing = failing;
			await expect(account.poll()).rejects.toThrow('failed');
		}
		account.failing = undefined;
		expect((await account.poll()).sort()).toEqual(ids.sort());
	});

	it('gives a burst that is denser than a slice within the overlap, each event once', async () => {
		const account = new Account();
		await account.poll();
		account.clock += 10;
		const ids = [0, 1, 2, 3, 4].flatMap((second) => account.happenOften(SLICE, START + second));
		await account.catchUp();
		expect(account.given.toSorted()).toEqual(ids.toSorted());
	});

	it('gives a second that is denser than a slice', async () => {
		const account = new Account();
		await account.poll();
		const ids = account.happenOften(3 * SLICE, START + 1);
		account.clock += 60;
		await account.catchUp();
		expect(account.given.toSorted()).toEqual(ids.toSorted());
	});

	it('gives the backlog of a day in order, in slices of bounded size', async () => {
		const account = new Account();
		await account.poll();
		const ids = Array.from({ length: 10 * SLICE }, () => {
			account.clock += 86;
			return account.happen();
		});
		const sizes: number[] = [];
		for (let size = 1; size > 0; account.clock += 60) {
			size = (await account.poll()).length;
			sizes.push(size);
			expect(account.requests).toBeLessThan(100);
		}
		expect(account.given).toEqual(ids);
		expect(Math.max(...sizes)).toBeLessThanOrEqual(SLICE);
		expect(sizes.length).toBeLessThan(15);
	});

	it('reads less of a backlog after each poll that fails', async () => {
		const account = new Account();
		await account.poll();
		account.clock += 10 * SLICE;
		for (let second = 1; second <= 10 * SLICE; second++) account.happen(START + second);
		account.memory.failures = 1;
		expect(await account.poll()).toHaveLength(SLICE / 2);
		account.clock += 60;
		expect(await account.poll()).toHaveLength(SLICE);
	});

	it.each([
		['steady', (number: number) => number * 86],
		['all at the end of a silence', (number: number) => 86_000 + number / 2],
	])('gives a backlog in time from a slow API: %s', async (_, secondOf) => {
		const account = new Account();
		await account.poll();
		let time = 0;
		jest.spyOn(performance, 'now').mockImplementation(() => time);
		account.onRequest = () => {
			time += 1000;
			if (time > 20_000) throw new Error('There is no time left');
		};
		account.clock += 90_000;
		const ids = Array.from({ length: 10 * SLICE }, (__, number) =>
			account.happen(START + 1 + Math.floor(secondOf(number))),
		);
		let polls = 0;
		for (; account.given.length < ids.length && polls < 100; polls++) {
			time = 0;
			await account.poll();
			account.clock += 60;
		}
		expect(account.given).toEqual(ids);
		expect(polls).toBeLessThan(100);
	});

	it('goes on when the clock is set back', async () => {
		const account = new Account();
		await account.poll();
		const before = account.happen();
		expect(await account.poll()).toEqual([before]);
		account.clock += 3600;
		const after = account.happen();
		expect(await account.poll(CHOSEN, { clock: START - 3600 })).toEqual([after]);
	});

	it('begins now with an event that is chosen later', async () => {
		const account = new Account();
		await account.poll();
		account.happen(START + 10, { type: 'task_added' });
		const lead = account.happen(START + 10);
		account.clock += 20;
		expect(await account.poll(['lead_added', 'task_added'])).toEqual([lead]);
		const task = account.happen(START + 20, { type: 'task_added' });
		expect(await account.poll(['lead_added', 'task_added'])).toEqual([task]);
	});

	it('remembers at most some ten thousand ids, and gives nothing twice for that', async () => {
		let memory = choose(startAt(START), ['lead_added'], START);
		const events = Array.from({ length: 30_000 }, (_, number) => ({
			id: `01pz58t6p04ymgsgf${String(number).padStart(9, '0')}`,
			type: 'lead_added',
			created_at: START + Math.floor(number / 300),
		}));
		memory = remember(memory, events, { unread: START + 99, isSettled: true });
		expect(Object.values(memory.given).flat().length).toBeLessThanOrEqual(10_000);
		expect(JSON.stringify(memory).length).toBeLessThan(400_000);
		expect(listNew(events, memory)).toEqual([]);
	});

	it('gives every event once, whatever happens when', async () => {
		const step = record({
			seconds: integer({ min: 1, max: 400 }),
			count: integer({ min: 0, max: 2 * SLICE }),
			spread: integer({ min: 1, max: 400 }),
			late: integer({ min: 0, max: OVERLAP - 10 }),
			failing: integer({ min: 0, max: 40 }),
		});
		const orders = constantFrom<Order[]>('oldestFirst', 'newestFirst', 'shuffled');
		await assert(
			asyncProperty(array(step, { minLength: 1, maxLength: 6 }), orders, async (steps, order) => {
				const account = new Account();
				account.order = order;
				await account.poll();
				const ids: string[] = [];
				for (const { seconds, count, spread, late, failing } of steps) {
					account.clock += seconds;
					for (let number = 0; number < count; number++) {
						const age = Math.min((number * spread) % 400, seconds - 1);
						const isLate = number % 5 === 0;
						ids.push(
							account.happen(account.clock - age, { late: isLate ? Math.max(0, late - age) : 0 }),
						);
					}
					account.failing = failing;
					await account.poll().catch(() => undefined);
				}
				account.failing = undefined;
				account.clock += OVERLAP;
				await account.catchUp();
				expect(account.given.toSorted()).toEqual(ids.toSorted());
			}),
			{ numRuns: 40 },
		);
	});
});

describe('alone', () => {
	afterEach(() => {
		jest.restoreAllMocks();
	});

	const never = () => new Promise<never>(() => {});

	it('runs one poll at a time of each, also after one that failed', async () => {
		const failed = alone('a', async () => await Promise.reject(new Error('failed')));
		expect(await alone('a', async () => 1)).toBeNull();
		expect(await alone('b', async () => 2)).toBe(2);
		await expect(failed).rejects.toThrow('failed');
		expect(await alone('a', async () => 3)).toBe(3);
	});

	it('does not wait for a poll that hangs for more than a minute', async () => {
		let time = 0;
		jest.spyOn(performance, 'now').mockImplementation(() => time);
		void alone('hanging', never);
		time = 59_000;
		expect(await alone('hanging', async () => 1)).toBeNull();
		time = 61_000;
		expect(await alone('hanging', async () => 2)).toBe(2);
	});
});
