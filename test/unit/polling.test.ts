import * as n8nWorkflow from 'n8n-workflow';

import { KommoPollingTrigger } from '../../nodes/KommoPollingTrigger/KommoPollingTrigger.node';
import type { ListedEvent } from '../../nodes/KommoPollingTrigger/list/eventList';
import { toKommoEvent } from '../../nodes/KommoPollingTrigger/items/item';
import { runAlone } from '../../nodes/KommoPollingTrigger/polling/alone';
import { LISTED_STAGE_CHANGE } from '../support/listedStageChange';
import { ListedEvents } from '../support/polling/listedEvents';
import { PolledTrigger } from '../support/polling/polledTrigger';
import { VirtualTime } from '../support/virtualTime';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const time = new VirtualTime();

let list: ListedEvents;
let trigger: PolledTrigger;

beforeAll(() => time.install());
afterAll(() => time.uninstall());

beforeEach(async () => {
	// So that earlier requests no longer count for the rate limit
	await time.pass(MINUTE);
	time.skew = 0;
	list = new ListedEvents(time);
	trigger = new PolledTrigger(time, list);
});

/** The ids of events that happen one after the other within this time, in ms, which passes */
async function happenWithin(ms: number, count: number): Promise<string[]> {
	const start = time.second;
	await time.pass(ms);
	return Array.from({ length: count }, (_, number) =>
		list.happen({ created_at: start + 1 + Math.floor((number * ms) / 1000 / count) }),
	);
}

/** Polls each minute; gives how many requests each poll needed. */
async function pollFor(minutes: number): Promise<number[]> {
	const requests: number[] = [];
	for (let minute = 0; minute < minutes; minute++) {
		list.requests = 0;
		await trigger.poll();
		requests.push(list.requests);
		await time.pass(MINUTE);
	}
	return requests;
}

describe('Kommo Polling Trigger', () => {
	it('starts at now, and asks once when nothing happens', async () => {
		list.happen({ created_at: time.second - 1 });
		await trigger.begin();
		expect(await pollFor(3)).toEqual([1, 1, 1]);
		expect(trigger.given).toEqual([]);
	});

	it('gives events of one second on both sides of a poll, each once', async () => {
		await trigger.begin();
		const first = list.happen();
		expect(await trigger.poll()).toEqual([first]);
		const second = list.happen();
		expect(await trigger.poll()).toEqual([second]);
		expect(await trigger.poll()).toEqual([]);
	});

	it.each(['oldestFirst', 'newestFirst', 'none'] as const)(
		'gives the oldest first from a list in the order %s',
		async (order) => {
			list.order = order;
			await trigger.begin();
			const ids = await happenWithin(10 * MINUTE, 600);
			expect(await trigger.poll()).toEqual(ids);
		},
	);

	it('gives an event that shows up 4 minutes late, and with Look Back an hour late', async () => {
		await trigger.begin();
		await time.pass(MINUTE);
		const late = list.happen({ late: 240 });
		await pollFor(6);
		expect(trigger.given).toEqual([late]);
		trigger.options = { lookBack: 60 };
		await time.pass(60 * MINUTE);
		const call = list.happen({ created_at: time.second - 55 * 60, late: 60 });
		await pollFor(3);
		expect(trigger.given).toEqual([late, call]);
	});

	it('gives everything even if an event is dated three hours ahead', async () => {
		await trigger.begin();
		const ids = [list.happen({ created_at: time.second + 3 * 60 * 60 })];
		for (let minute = 0; minute < 20; minute++) {
			ids.push(...(await happenWithin(MINUTE, 1)));
			await trigger.poll();
		}
		expect(trigger.given.toSorted()).toEqual(ids);
	});

	it.each([
		[4_500, 240, 500],
		[2_500, 240, 1_000],
		[2_500, 1, 900],
	])('comes to rest after %i events within %i s at %i ms', async (count, seconds, latency) => {
		list.latency = () => latency;
		list.order = 'oldestFirst';
		await trigger.begin();
		const ids = await happenWithin(seconds * 1000, count);
		await pollFor(8);
		ids.push(list.happen());
		expect(await pollFor(6)).toEqual([1, 1, 1, 1, 1, 1]);
		expect(trigger.given.toSorted()).toEqual(ids.toSorted());
		expect(trigger.largestStaticData).toBeLessThan(400_000);
		expect(trigger.staticDataSize).toBeLessThan(2_000);
	});

	it('catches up with 10,000 events of a day in one poll of 8 s', async () => {
		list.latency = () => 300;
		await trigger.begin();
		const ids = await happenWithin(DAY, 10_000);
		list.requests = 0;
		const started = time.now;
		expect(await trigger.poll()).toEqual(ids);
		expect(time.now - started).toBeLessThan(8_000);
		expect(list.requests).toBeLessThanOrEqual(48);
	});

	it('gives an event that shows up late while it catches up', async () => {
		await trigger.begin();
		const ids = await happenWithin(10 * MINUTE, 13_000);
		await time.pass(5 * MINUTE);
		ids.push(list.happen({ late: 100 }));
		await pollFor(8);
		expect(trigger.given).toEqual(ids);
	});

	it('ends within the time that n8n gives to a poll, and loses nothing', async () => {
		trigger.budget = 20_000;
		list.latency = () => 1_500;
		await trigger.begin();
		const ids = await happenWithin(DAY, 10_000);
		for (let poll = 0; poll < 5; poll++) {
			const started = time.now;
			await trigger.poll();
			expect(time.now - started).toBeLessThan(20_000);
		}
		expect(trigger.given).toEqual(ids);
	});

	it('fails within that time if Kommo does not answer about the leads', async () => {
		trigger.budget = 5_000;
		trigger.events = ['lead_added'];
		await trigger.begin();
		const id = list.happen({ type: 'lead_added' });
		list.silentPath = '/leads';
		const started = time.now;
		await expect(trigger.poll()).rejects.toThrow('took too long');
		expect(time.now - started).toBeLessThanOrEqual(5_000);
		list.silentPath = undefined;
		expect(await trigger.poll()).toEqual([id]);
	});

	it('continues if Kommo links no next page, until Kommo refuses one', async () => {
		list.links = false;
		list.refusesPages = true;
		await trigger.begin();
		const ids = await happenWithin(10 * MINUTE, 500);
		expect(await trigger.poll()).toEqual(ids);
	});

	it('fails if one second has more events than a poll can read', async () => {
		trigger.budget = 5_000;
		list.largestPage = 10;
		await trigger.begin();
		list.happenOften(400, { created_at: time.second });
		await time.pass(10 * MINUTE);
		await expect(pollFor(10)).rejects.toThrow('more events of one second than a poll can read');
	});

	describe('with a second of which a poll gives only a part', () => {
		const LEAD = 'lead_status_changed';
		const TASK = 'task_added';
		const BOTH = [LEAD, TASK];

		/** Polls until a part is given, changes something, and polls until all is given. */
		async function changeWithin(count: number, change: () => void) {
			await trigger.begin();
			const created_at = time.second;
			const leads = list.happenOften(count, { created_at });
			const tasks = list.happenOften(count, { created_at, type: TASK });
			await time.pass(10 * MINUTE);
			while (trigger.given.length === 0) await pollFor(1);
			const first = [...trigger.given];
			expect(first).toHaveLength(10_000);
			change();
			await trigger.begin('update');
			await pollFor(4);
			return { leads, tasks, first };
		}

		it('gives what stays chosen once, and of the rest no more', async () => {
			trigger.events = BOTH;
			const { tasks, first } = await changeWithin(7_000, () => (trigger.events = [TASK]));
			expect(trigger.given.toSorted()).toEqual([...new Set([...first, ...tasks])].toSorted());
		});

		it('gives none of its events of a type that is chosen now', async () => {
			const { leads } = await changeWithin(11_000, () => (trigger.events = BOTH));
			expect(trigger.given.toSorted()).toEqual(leads);
			const task = list.happen({ type: TASK });
			expect(await trigger.poll()).toEqual([task]);
		});

		it('gives all once when Look Back becomes longer', async () => {
			const { leads } = await changeWithin(11_000, () => (trigger.options = { lookBack: 60 }));
			await time.pass(60 * MINUTE);
			await pollFor(2);
			expect(trigger.given.toSorted()).toEqual(leads);
		});
	});

	it('gives all even if Kommo refuses the pages after the third', async () => {
		list.deepestPage = 3;
		await trigger.begin();
		const ids = await happenWithin(DAY, 5_000);
		await pollFor(6);
		expect(trigger.given).toEqual(ids);
	});

	it('fails when Kommo refuses a page that it has linked, and goes on there', async () => {
		await trigger.begin();
		const ids = list.happenOften(1_000);
		await time.pass(5 * MINUTE + 1000);
		list.deepestPage = 3;
		expect(await trigger.poll()).toHaveLength(750);
		for (let poll = 0; poll < 2; poll++) {
			await expect(trigger.poll()).rejects.toThrow(/refused a page .*\(400\).* Start From Now/);
		}
		list.deepestPage = Infinity;
		expect(await trigger.poll()).toHaveLength(250);
		expect(trigger.given.toSorted()).toEqual(ids);
	});

	it('gives all and asks once even if the clock of n8n is 5 minutes ahead', async () => {
		time.skew = 5 * MINUTE;
		await trigger.begin();
		const ids = await happenWithin(4 * MINUTE, 20);
		expect(await trigger.poll()).toEqual(ids);
		time.skew = -60 * MINUTE;
		expect((await pollFor(7)).at(-1)).toBe(1);
		expect(trigger.given).toEqual(ids);
	});

	it('gives all events of a failed poll at the next one', async () => {
		await trigger.begin();
		const ids = await happenWithin(MINUTE, 9);
		list.faults.downUntil = time.now + MINUTE;
		await expect(trigger.poll()).rejects.toThrow('Kommo');
		await time.pass(MINUTE);
		expect(await trigger.poll()).toEqual(ids);
	});

	it('names the event that Kommo refuses, with its reason', async () => {
		list.unknownTypes.add('customer_added');
		trigger.events = ['lead_added', 'task_added', 'customer_added', 'talk_created'];
		await expect(trigger.begin()).rejects.toThrow(
			/Customer Added \(customer_added\): filter.type: The value is not a valid choice. Remove it/,
		);
	});

	it("does not take Kommo's 404 for a refused event", async () => {
		list.answer = async () => ({ statusCode: 404, headers: {}, body: {} });
		await expect(trigger.begin()).rejects.toThrow('found nothing there (404)');
	});

	it('takes the changes of one custom field only, if that is chosen', async () => {
		trigger.events = ['custom_field_5_value_changed'];
		await trigger.begin();
		const id = list.happen({ type: 'custom_field_5_value_changed' });
		expect(await trigger.poll()).toEqual([id]);
	});

	it('loses no change of a field that is chosen beside all custom fields', async () => {
		trigger.events = ['custom_field_value_changed'];
		await trigger.begin();
		await time.pass(MINUTE);
		const id = list.happen({ type: 'custom_field_5_value_changed' });
		await time.pass(MINUTE);
		trigger.events = ['custom_field_value_changed', 'custom_field_5_value_changed'];
		expect(await trigger.begin('update')).toEqual([id]);
	});

	it('begins now with an event that is chosen later', async () => {
		await trigger.begin();
		await time.pass(MINUTE);
		list.happen({ type: 'task_added' });
		const lead = list.happen();
		await time.pass(MINUTE);
		trigger.events = ['lead_status_changed', 'task_added'];
		expect(await trigger.begin('update')).toEqual([lead]);
		const task = list.happen({ type: 'task_added' });
		expect(await trigger.poll()).toEqual([task]);
	});

	it('refuses an expression in Trigger On', async () => {
		trigger.events = '={{ ["lead_added"] }}';
		await expect(trigger.begin()).rejects.toThrow('Trigger On takes no expression');
	});
});

test.each([null, undefined, 5])('an event of the entity type %j has an empty entity', (type) => {
	const { entity_type, ...event } = LISTED_STAGE_CHANGE;
	expect(toKommoEvent({ ...event, entity_type: entity_type! }, 'acme').entity).toBe('leads');
	const listed = type === undefined ? event : { ...event, entity_type: type };
	expect(toKommoEvent(listed as ListedEvent, 'acme').entity).toBe('');
});

describe('what a trigger remembers', () => {
	it('stays with a node that is renamed, and renamed back', async () => {
		await trigger.begin();
		for (const name of ['Events', 'Kommo Polling Trigger', 'Events']) {
			await time.pass(MINUTE);
			const id = list.happen();
			trigger.name = name;
			expect(await trigger.begin('update')).toEqual([id]);
			expect(await trigger.poll()).toEqual([]);
		}
	});

	it('is not for a copy, which begins at now', async () => {
		await trigger.begin();
		await time.pass(MINUTE);
		list.happen();
		await time.pass(MINUTE);
		trigger.id = 'node-2';
		expect(await trigger.begin()).toEqual([]);
		expect(trigger.warnings).toEqual([]);
	});

	it('is not for another n8n, which begins at now and says so', async () => {
		await trigger.begin();
		await time.pass(MINUTE);
		list.happen();
		await time.pass(MINUTE);
		trigger.instance = 'instance-2';
		expect(await trigger.begin()).toEqual([]);
		expect(trigger.warnings).toEqual([expect.stringContaining('begins at now')]);
		const id = list.happen();
		expect(await trigger.poll()).toEqual([id]);
	});

	it('stays when another trigger, which was published alone, saves its copy of it', async () => {
		await trigger.begin();
		const other = new PolledTrigger(time, list);
		Object.assign(other, { id: 'node-2', workflow: trigger.workflow, saved: trigger.saved });
		await other.begin();
		const id = list.happen();
		expect(await trigger.poll()).toEqual([id]);
		expect(await other.poll()).toEqual([id]);
		trigger.saved = other.saved;
		expect(await trigger.begin('init')).toEqual([]);
	});

	it('is that of the last execution when n8n is killed with durable cursors', async () => {
		trigger.cursors = new Map();
		await trigger.begin();
		await trigger.poll();
		const saved = new Map(trigger.cursors);
		const id = list.happen();
		expect(await trigger.poll()).toEqual([id]);
		// n8n has saved the workflow's static data, but neither the execution nor its cursor.
		trigger.cursors = saved;
		expect(await trigger.poll()).toEqual([id]);
	});

	it('leaves out what happened while unpublished only if told to, and only then', async () => {
		await trigger.begin();
		for (const [options, activation, count] of [
			[{}, 'activate', 1],
			[{ startFromNow: true }, 'activate', 0],
			[{ startFromNow: true }, 'init', 1],
			[{ startFromNow: true }, 'update', 1],
		] as const) {
			await time.pass(MINUTE);
			list.happen();
			await time.pass(MINUTE);
			trigger.options = options;
			expect(await trigger.begin(activation)).toHaveLength(count);
		}
	});

	it('begins at the publishing even if an earlier poll is under way then', async () => {
		trigger.options = { startFromNow: true };
		await trigger.begin();
		list.latency = () => 15_000;
		const earlier = trigger.startPoll();
		await time.pass(9_000);
		list.latency = () => 20;
		list.happen();
		await time.pass(1_000);
		await trigger.begin();
		const id = list.happen();
		expect(await earlier).toMatchObject({ outputs: null });
		expect(await trigger.poll()).toEqual([id]);
	});

	it('goes on when the package is updated while the workflow is published', async () => {
		trigger.options = { startFromNow: true };
		await trigger.begin();
		await time.pass(MINUTE);
		const id = list.happen();
		let updated: Pick<KommoPollingTrigger, 'poll'> = trigger.type;
		await jest.isolateModulesAsync(async () => {
			// Reloading n8n's own code would change nothing and take seconds.
			jest.doMock('n8n-workflow', () => n8nWorkflow);
			const path = '../../nodes/KommoPollingTrigger/KommoPollingTrigger.node';
			const module = (await import(path)) as { KommoPollingTrigger: typeof KommoPollingTrigger };
			updated = new module.KommoPollingTrigger();
		});
		jest.dontMock('n8n-workflow');
		expect(updated).not.toBeInstanceOf(KommoPollingTrigger);
		trigger.type = updated;
		expect(await trigger.poll()).toEqual([id]);
	});
});

describe('Fetch Test Event', () => {
	const TO_WON = { stages: { rules: [{ to: { mode: 'id', value: '142' } }] } };

	it('shows the newest event of each chosen type that passes the filters', async () => {
		trigger.events = ['lead_status_changed', 'task_added', 'contact_added'];
		trigger.filters = TO_WON;
		const contact = list.happen({ type: 'contact_added', created_at: time.second - 5 * 24 * 3600 });
		list.happen({ created_at: time.second - 3 * 3600 });
		const won = list.happen({ created_at: time.second - 2 * 3600 });
		for (let age = 1; age < 300; age++) {
			list.happen({ created_at: time.second - age, status_id: 10 });
		}
		const events = await trigger.fetchTestEvent();
		expect(events.map(({ event_id }) => event_id)).toEqual([contact, won]);
	});

	it('remembers nothing', async () => {
		await trigger.begin();
		const id = list.happen();
		await trigger.fetchTestEvent();
		expect(await trigger.poll()).toEqual([id]);
	});

	it('ends after 20 s, and says how far it looked', async () => {
		trigger.filters = TO_WON;
		list.latency = () => 900;
		list.happenOften(100, { created_at: time.second - 40, status_id: 10 });
		const started = time.now;
		await expect(trigger.fetchTestEvent()).rejects.toThrow('no event of the last 30 days');
		list.latency = () => 7_000;
		await expect(trigger.fetchTestEvent()).rejects.toThrow('no event of the last 30 minutes');
		list.latency = () => 25_000;
		await expect(trigger.fetchTestEvent()).rejects.toThrow('took too long. Try again.');
		expect(time.now - started).toBeLessThan(50_000);
	});
});

describe('polls side by side', () => {
	it('give an event once with durable cursors, which give each poll its own context', async () => {
		trigger.cursors = new Map();
		await trigger.begin();
		const id = list.happen();
		const polls = [trigger.startPoll(), trigger.startPoll()];
		const outputs = (await time.run(Promise.all(polls)))!.map((poll) => poll.outputs?.flat());
		expect(outputs).toEqual([[{ json: expect.objectContaining({ event_id: id }) }], undefined]);
	});

	const LIMITS = { longest: MINUTE, patience: 0 };
	const never = () => new Promise<never>(() => {});

	it('run one at a time for each trigger, also after a failed one', async () => {
		const failed = runAlone('a', LIMITS, async () => await Promise.reject(new Error('failed')));
		expect(await runAlone('a', LIMITS, async () => 1)).toBeNull();
		expect(await runAlone('b', LIMITS, async () => 2)).toBe(2);
		await expect(failed).rejects.toThrow('failed');
		expect(await runAlone('a', LIMITS, async () => 3)).toBe(3);
	});

	it('do not wait for one that hangs', async () => {
		void runAlone('hanging', LIMITS, never);
		await time.pass(MINUTE - 1);
		expect(await runAlone('hanging', LIMITS, async () => 1)).toBeNull();
		await time.pass(1);
		expect(await runAlone('hanging', LIMITS, async () => 2)).toBe(2);
	});
});
