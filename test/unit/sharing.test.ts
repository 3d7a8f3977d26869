import fc from 'fast-check';
import { sleep } from 'n8n-workflow';

import type { KommoApi } from '../../nodes/shared/api/client';
import { now } from '../../nodes/shared/api/deadline';
import { readPage } from '../../nodes/shared/api/pages';
import type { Enrichment } from '../../nodes/shared/enrichment/choice';
import { enrich } from '../../nodes/shared/enrichment/enrichment';
import type { KommoEvent } from '../../nodes/shared/events/event';
import type { JsonMap } from '../../nodes/shared/events/json';
import { listAnswer, openFakeApi, type AskedRequest } from '../support/fakeApi';
import { useVirtualTime } from '../support/virtualTime';

const time = useVirtualTime();

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const LATENCY = 300;
const TIME_LIMIT = 1500;

/** A Kommo that answers after 300 ms, and 429 to an eighth request within a second. */
async function openKommo() {
	const asked: AskedRequest[] = [];
	const times: number[] = [];
	const api = await openFakeApi(async (request) => {
		asked.push(request);
		times.push(now());
		await sleep(LATENCY);
		if (times.filter((time) => time > times.at(-1)! - SECOND).length > 7)
			return { statusCode: 429 };
		const { path, query } = request;
		const ids = query.getAll('filter[id][]').map(Number);
		if (ids.length > 0) return listAnswer(path, ids.map(toRecord));
		return path === 'events' ? listAnswer(path, [toRecord(Number(query.get('page')))]) : {};
	});
	const pathsOf = () => asked.map(({ path }) => path);
	return { api, asked, times, pathsOf };
}

function toRecord(id: number): JsonMap {
	const contacts = [{ id: id + 10_000, is_main: true }];
	return { id, name: `Record ${id}`, _embedded: { contacts } };
}

const event = (id: number): KommoEvent => ({ event: 'status', entity: 'leads', id });

/** The result of a webhook that arrives after this time, in ms, in its own execution */
async function receive(
	api: KommoApi,
	id: number,
	at: number,
	enrichments: Enrichment[] = ['record'],
) {
	await sleep(at);
	const [enriched] = await enrich([event(id)], enrichments, now() + TIME_LIMIT, async () => api);
	return enriched!;
}

/** A backlog that is read as fast as Kommo allows, e.g. 10,000 events with 250 on each page */
const readBacklog = (api: KommoApi, pages: number) =>
	Array.from({ length: pages }, async (_, page) => {
		const list = { path: 'events', key: 'events', bulk: true };
		const read = await readPage(api, list, page + 1, { deadline: now() + 30 * SECOND });
		return { time: now(), entries: read.entries };
	});

describe('the requests of one n8n process', () => {
	afterEach(async () => await time.pass(MINUTE));

	/** Lets a minute pass, and gives what has come in this time. */
	const run = async <T>(results: Array<Promise<T>>): Promise<T[]> => {
		const all = Promise.all(results);
		await time.pass(MINUTE);
		return await all;
	};

	const allIds = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

	test('are two for 50 events that come at once, each in its own execution', async () => {
		const { api, asked } = await openKommo();
		const enriched = await run(allIds(50).map(async (id) => await receive(api, id, id % 20)));
		for (const one of enriched) {
			expect(one).toMatchObject({ record: { id: one.id } });
			expect(one).not.toHaveProperty('enrichment_error');
		}
		expect(asked).toHaveLength(2);
	});

	test('ask for at most 250 records each', async () => {
		const { api, asked } = await openKommo();
		const events = allIds(600).map(event);
		const [enriched] = await run([enrich(events, ['record'], now() + 5000, async () => api)]);
		expect(enriched!.filter(({ record }) => record)).toHaveLength(600);
		expect(asked.map(({ query }) => query.getAll('filter[id][]').length)).toEqual([250, 250, 100]);
	});

	test('ask for the contacts of leads and of contacts together', async () => {
		const { api, pathsOf } = await openKommo();
		const events = [
			event(1),
			{ ...event(2), entity: 'companies' },
			{ event: 'add', entity: 'message', id: 'a', contact_id: 9 },
		];
		await run([enrich(events, ['contact'], now() + TIME_LIMIT, async () => api)]);
		expect(pathsOf().sort()).toEqual(['companies', 'contacts', 'contacts', 'leads']);
	});

	test('keep credentials apart', async () => {
		const [one, other] = [await openKommo(), await openKommo()];
		await run([receive(one.api, 1, 0), receive(other.api, 1, 0)]);
		expect([one.asked.length, other.asked.length]).toEqual([1, 1]);
	});

	test('read a backlog as fast as Kommo allows', async () => {
		const { api } = await openKommo();
		const started = now();
		const pages = await run(readBacklog(api, 44));
		const end = Math.max(...pages.map(({ time }) => time)) - started;
		expect(end).toBeLessThan(1.4 * (10_000 / 250 / 7) * SECOND);
	});

	test('leave no event without its record, whenever events come while a backlog is read', async () => {
		const arrivals = fc.array(fc.nat(5000), { minLength: 1, maxLength: 60 });
		await fc.assert(
			fc.asyncProperty(arrivals, fc.nat(60), async (times, backlog) => {
				const { api } = await openKommo();
				const pages = readBacklog(api, backlog);
				const events = times.map(async (at, index) => await receive(api, index + 1, at));
				for (const one of await run(events)) {
					expect(one).toMatchObject({ record: { id: one.id } });
				}
				await run(pages);
			}),
			{ numRuns: 30 },
		);
	});
});
