import { now } from '../../nodes/shared/api/deadline';
import type { Enrichment } from '../../nodes/shared/enrichment/choice';
import { enrich } from '../../nodes/shared/enrichment/enrichment';
import type { KommoEvent } from '../../nodes/shared/events/event';
import type { JsonMap } from '../../nodes/shared/events/json';
import { listAnswer, openFakeApi } from '../support/fakeApi';
import { Talks } from '../../scripts/kommo/standIn/talks';
import { letTimeFly } from '../support/virtualTime';

letTimeFly();

const TIME_LIMIT = 1500;

let talks: Talks;
/** What the API was asked for, in order, e.g. `talks/7/messages?limit=250` */
let asked: string[];

beforeEach(() => {
	talks = new Talks();
	asked = [];
	refusal = undefined;
});

/** A status that Kommo answers to requests for messages with */
let refusal: number | undefined;

const api = openFakeApi(async ({ method, path, query }) => {
	asked.push(`${path}?${decodeURIComponent(String(query))}`);
	if (!path.startsWith('talks')) {
		const ids = query.getAll('filter[id][]').map(Number);
		const records = ids.map((id) => ({ id, name: `Record ${id}` }));
		return listAnswer(path, records);
	}
	if (refusal && path !== 'talks') return { statusCode: refusal, body: {} };
	const answer = talks.answer({ method, path: `/api/v4/${path}`, query });
	const { statusCode, body } = answer as { statusCode: number; body?: string };
	return { statusCode, ...(body !== undefined && { body: JSON.parse(body) as JsonMap }) };
});

const chat = (id: number, entity = 'leads'): KommoEvent => ({ event: 'chat', entity, id });

/** The events, as soon as everything has come or the time is over */
async function enrichInTime(events: KommoEvent[], enrichments: Enrichment[] = ['message']) {
	return await enrich(events, enrichments, now() + TIME_LIMIT, async () => await api);
}

/** The `message` of the event, which must have no problem */
async function messageOf(event: KommoEvent) {
	const [enriched] = await enrichInTime([event]);
	expect(enriched).not.toHaveProperty('enrichment_error');
	return enriched!.message;
}

describe('a chat event gets', () => {
	test('the message as Kommo gives it, with the ids of its talk and its chat', async () => {
		const { chat_id } = talks.open({ talk_id: 3, entity_id: 7 });
		const message = talks.write(3, { text: 'How much?' });
		expect(await enrichInTime([chat(7)])).toEqual([
			{ ...chat(7), message: { ...message, talk_id: 3, chat_id } },
		]);
		expect(asked).toEqual([
			'talks?filter[entity_id][]=7&filter[entity_type]=lead&filter[only_in_work]=1&limit=250&page=1',
			'talks/3/messages?limit=250&page=1',
		]);
	});

	test('the newest by its time, and then by its id, whatever the order of the list', async () => {
		talks.open({ talk_id: 3, entity_id: 7 });
		for (const created_at of [5, 9, 2]) talks.write(3, { created_at });
		for (const id of ['b', 'c', 'a']) talks.write(3, { created_at: 9, id: `f-${id}` });
		expect(await messageOf(chat(7))).toMatchObject({ created_at: 9, id: 'f-c' });
	});

	test('what the customer wrote, although an answer came after it', async () => {
		talks.open({ talk_id: 3, entity_id: 7 });
		talks.write(3, { created_at: 1, text: 'Hello?' });
		talks.write(3, { created_at: 2, text: 'We are closed.', type: 'outgoing' });
		expect(await messageOf(chat(7))).toMatchObject({ text: 'Hello?' });
	});

	test('the message of the open talk that changed last', async () => {
		for (const [talk_id, updated_at] of [
			[3, 10],
			[5, 30],
			[4, 30],
		] as const) {
			talks.open({ talk_id, entity_id: 7, updated_at });
			talks.write(talk_id);
		}
		talks.open({ talk_id: 6, entity_id: 7, updated_at: 40, is_in_work: false, status: 'closed' });
		talks.write(6);
		expect(await messageOf(chat(7))).toMatchObject({ talk_id: 5 });
		expect(asked.filter((path) => path.includes('/messages'))).toHaveLength(1);
	});

	test.each([
		['no talk', () => {}],
		['a closed talk only', () => talks.open({ talk_id: 3, entity_id: 7, is_in_work: false })],
		['a talk without a message', () => talks.open({ talk_id: 3, entity_id: 7 })],
		[
			'a talk with outgoing messages only',
			() => {
				talks.open({ talk_id: 3, entity_id: 7 });
				talks.write(3, { type: 'outgoing' });
			},
		],
	])('null when its lead has %s', async (_, prepare) => {
		prepare();
		expect(await messageOf(chat(7))).toBeNull();
	});

	test('the message of its customer or contact, not of the lead with the same id', async () => {
		talks.open({ talk_id: 3, entity_id: 7 });
		talks.open({ talk_id: 4, entity_id: 7, entity_type: 'customer' });
		talks.open({ talk_id: 5, entity_id: 8, contact_id: 7 });
		for (const talk_id of [3, 4, 5]) talks.write(talk_id, { text: `In talk ${talk_id}` });
		const events = [chat(7, 'customers'), chat(7, 'contacts'), chat(7)];
		expect((await enrichInTime(events)).map(({ message }) => message)).toEqual([
			expect.objectContaining({ text: 'In talk 4' }),
			expect.objectContaining({ text: 'In talk 5' }),
			expect.objectContaining({ text: 'In talk 3' }),
		]);
		expect(asked.filter((path) => path.startsWith('talks?')).sort()).toEqual([
			'talks?filter[contact_id][]=7&filter[only_in_work]=1&limit=250&page=1',
			'talks?filter[entity_id][]=7&filter[entity_type]=customer&filter[only_in_work]=1&limit=250&page=1',
			'talks?filter[entity_id][]=7&filter[entity_type]=lead&filter[only_in_work]=1&limit=250&page=1',
		]);
	});

	test('null for a company, which has no talks, without a request', async () => {
		expect(await messageOf(chat(7, 'companies'))).toBeNull();
		expect(asked).toEqual([]);
	});
});

describe('the requests', () => {
	test('ask once for the talks of all leads, and once for the messages of each', async () => {
		for (const talk_id of [3, 4]) {
			talks.open({ talk_id, entity_id: talk_id + 4 });
			talks.write(talk_id, { text: `In talk ${talk_id}` });
		}
		const enriched = await enrichInTime([chat(7), chat(8), chat(7)]);
		expect(enriched.map(({ message }) => message)).toEqual([
			expect.objectContaining({ text: 'In talk 3' }),
			expect.objectContaining({ text: 'In talk 4' }),
			expect.objectContaining({ text: 'In talk 3' }),
		]);
		expect(asked).toHaveLength(3);
	});

	test('ask for the talks of 100 leads at once', async () => {
		talks.open({ talk_id: 3, entity_id: 250 });
		talks.write(3);
		const events = Array.from({ length: 250 }, (_, index) => chat(index + 1));
		const enriched = await enrichInTime(events);
		expect(enriched.at(-1)!.message).toMatchObject({ talk_id: 3 });
		expect(asked.map((path) => path.split('filter[entity_id][]').length - 1)).toEqual([
			100, 100, 50, 0,
		]);
	});
});

test.each<[string, KommoEvent]>([
	['another event of a lead', { event: 'status', entity: 'leads', id: 7 }],
	[
		'a message of the account-wide webhooks',
		{ event: 'add', entity: 'message', id: 'b26b', entity_type: 'lead', entity_id: 7, text: 'Hi' },
	],
])('%s gets no message, and nothing is asked', async (_, event) => {
	talks.open({ talk_id: 3, entity_id: 7 });
	talks.write(3);
	expect(await enrichInTime([event])).toEqual([event]);
	expect(asked).toEqual([]);
});

describe('what is missing', () => {
	const record = { id: 7, name: 'Record 7' };

	beforeEach(() => {
		talks.open({ talk_id: 3, entity_id: 7 });
		talks.write(3);
	});

	test('names the scope, the plan and amoCRM at a 403, and leaves the other fields', async () => {
		talks.forbidden.add('history');
		const [enriched] = await enrichInTime([chat(7)], ['message', 'record']);
		expect(enriched).toEqual({ ...chat(7), record, enrichment_error: expect.any(String) });
		for (const part of [
			'read messages (403)',
			'External chat history',
			'Trial, Pro or Enterprise',
			'amoCRM',
		]) {
			expect(enriched!.enrichment_error).toContain(part);
		}
	});

	test.each([
		[402, /plan.*\(402\)\. It needs/],
		[404, /no talk with this ID \(404\)\. Check Talk ID/],
	])('is described in its own words when Kommo answers %i', async (status, sentence) => {
		refusal = status;
		expect(await enrichInTime([chat(7)], ['record', 'message'])).toEqual([
			{ ...chat(7), record, enrichment_error: expect.stringMatching(sentence) },
		]);
	});
});
