import { readEvents } from '../../nodes/shared/decoding/payload';
import { Receiver, answer } from '../integration/receiver';
import { Deliveries } from '../../scripts/kommo/standIn/deliveries';
import { Talks } from '../../scripts/kommo/standIn/talks';
import { Webhooks, type Webhook } from '../../scripts/kommo/standIn/webhooks';

const HERE = 'https://n8n.example.com/webhook/1b2c/kommo?token=0a1b';
const ELSEWHERE = 'https://crm.example.org/hook';

/** Asks as the API's clients do. Gives the status and what the body says. */
function makeClient(webhooks: Webhooks) {
	const ask = (method: string, destination?: string, body?: object) => {
		const { statusCode, body: text } = webhooks.answer({ method, destination, body }) as {
			statusCode: number;
			body?: string;
		};
		return { status: statusCode, body: text === undefined ? undefined : JSON.parse(text) };
	};
	return {
		list: (destination?: string) => ask('GET', destination),
		register: (destination: unknown, settings: unknown) =>
			ask('POST', undefined, { destination, settings }),
		remove: (destination: string) => ask('DELETE', undefined, { destination }),
	};
}

describe('the stand-in registers account-wide webhooks as Kommo does:', () => {
	let webhooks: Webhooks;
	let kommo: ReturnType<typeof makeClient>;

	beforeEach(() => {
		webhooks = new Webhooks();
		kommo = makeClient(webhooks);
	});

	test('it lists all of them or those of an address, and answers 204 when there is none', () => {
		expect(kommo.list()).toEqual({ status: 204, body: undefined });
		webhooks.add(ELSEWHERE, ['add_lead']);
		expect(kommo.register(HERE, ['add_message', 'note_lead']).status).toBe(201);

		const { status, body } = kommo.list(HERE);
		expect({ status, webhooks: body._embedded.webhooks }).toEqual({
			status: 200,
			webhooks: [
				{
					id: 2,
					destination: HERE,
					created_at: expect.any(Number),
					updated_at: expect.any(Number),
					account_id: 29085955,
					created_by: 938300,
					sort: 1,
					disabled: false,
					settings: ['add_message', 'note_lead'],
				},
			],
		});
		expect(kommo.list().body._embedded.webhooks).toHaveLength(2);
		expect(kommo.list(HERE.split('?')[0])).toMatchObject({ status: 204 });
	});

	test('it removes what an address has, and answers 404 when that is nothing', () => {
		webhooks.add(ELSEWHERE, ['add_lead']);
		kommo.register(HERE, ['add_message']);
		expect(kommo.remove(HERE).status).toBe(204);
		expect(kommo.remove(HERE).status).toBe(404);
		expect(webhooks.registered).toMatchObject([{ destination: ELSEWHERE }]);
	});

	test.each([
		['no address', undefined, ['add_message'], 'destination'],
		['no URL', 'n8n', ['add_message'], 'destination'],
		['no codes', HERE, [], 'settings'],
		['a code that Kommo does not know', HERE, ['add_lead', 'add_nonsense'], 'settings.1'],
	])('it says what is wrong with %s', (_, destination, settings, path) => {
		const { status, body } = kommo.register(destination, settings);
		expect(status).toBe(400);
		expect(body['validation-errors'][0].errors).toEqual([
			{ code: 'InvalidValue', path, detail: expect.stringMatching(/\w+\.?$/) },
		]);
		expect(webhooks.registered).toEqual([]);
	});

	test.each([401, 402, 403])('it refuses everything with %i when it is told to', (status) => {
		webhooks.refusal = { status };
		expect(kommo.list()).toMatchObject({ status, body: { status } });
		expect(kommo.register(HERE, ['add_message'])).toMatchObject({ status });
		expect(kommo.remove(HERE)).toMatchObject({ status });
	});

	test('it remembers what was asked of which address, also in vain', () => {
		kommo.register(HERE, []);
		kommo.list(HERE);
		kommo.remove(HERE);
		expect(webhooks.asked).toEqual([
			{ method: 'POST', destination: HERE, time: expect.any(Number) },
			{ method: 'DELETE', destination: HERE, time: expect.any(Number) },
		]);
	});

	test('it refuses with 422 and the reason that it is told', () => {
		webhooks.refusal = { status: 422, reason: 'No webhook {destination}.' };
		const { status, body } = kommo.register(HERE, ['add_message']);
		expect(status).toBe(422);
		expect(body['validation-errors'][0].errors[0].detail).toBe(`No webhook ${HERE}.`);
	});

	test.each([
		['add', 201, [['add_lead'], ['add_message']]],
		['replace', 200, [['add_message']]],
		['keep', 200, [['add_lead']]],
	] as const)('a second registration of an address can %s', (manner, status, settings) => {
		webhooks.onSecondPost = manner;
		kommo.register(HERE, ['add_lead']);
		expect(kommo.register(HERE, ['add_message']).status).toBe(status);
		expect(webhooks.at(HERE).map((webhook: Webhook) => webhook.settings)).toEqual(settings);
	});
});

test.each([
	['filter[entity_id][]=5&filter[entity_type]=lead', [7, 9]],
	['filter[entity_id][]=5&filter[entity_type]=customer', []],
	['filter[contact_id][]=100008', [8]],
	['filter[talk_id][]=7&filter[talk_id][]=8', [7, 8]],
	['filter[only_in_work]=0', [7, 8]],
	['', [7, 8, 9]],
])('the stand-in lists the talks of %s', (query, ids) => {
	const talks = new Talks();
	talks.open({ talk_id: 7, entity_id: 5 });
	talks.open({ talk_id: 8 });
	talks.open({ talk_id: 9, entity_id: 5, status: 'closed', is_in_work: false });
	const { statusCode, body = '{}' } = talks.answer({
		method: 'GET',
		path: '/api/v4/talks',
		query: new URLSearchParams(query),
	}) as { statusCode: number; body?: string };
	expect(statusCode).toBe(ids.length > 0 ? 200 : 204);
	const listed: Array<{ talk_id: number }> = JSON.parse(body)._embedded?.talks ?? [];
	expect(listed.map(({ talk_id }) => talk_id)).toEqual(ids);
});

describe('the stand-in delivers an event', () => {
	const receiver = new Receiver();
	let webhooks: Webhooks;
	let deliveries: Deliveries;

	beforeAll(() => receiver.start());
	afterAll(() => receiver.stop());

	beforeEach(() => {
		receiver.reset();
		webhooks = new Webhooks();
		deliveries = new Deliveries(webhooks);
		deliveries.retryAfter = [20, 40];
		deliveries.origins['https://n8n.example.com'] = receiver.urlOf('');
		webhooks.add(HERE, ['add_message', 'add_company']);
	});

	afterEach(() => deliveries.stop());

	test('to the address that is registered, as Kommo writes it', async () => {
		expect(await deliveries.happen('add_company', { id: 7, records: 2 })).toEqual([
			{ code: 'add_company', id: 7, destination: HERE, status: 200, attempts: 1 },
		]);
		const [{ method, url, body }] = receiver.received as [(typeof receiver.received)[0]];
		expect(`${method} ${url}`).toBe('POST /webhook/1b2c/kommo?token=0a1b');
		expect(readEvents(body)).toMatchObject([
			{ event: 'add', entity: 'contacts', id: 7, type: 'company', account: { subdomain: 'acme' } },
			{ id: 8 },
		]);
	});

	test('to every registration that has its code and is enabled, and to no other', async () => {
		webhooks.add('https://n8n.example.com/second', ['add_message']);
		webhooks.add('https://n8n.example.com/of-leads', ['add_lead']);
		webhooks.add('https://n8n.example.com/disabled', ['add_message']);
		webhooks.disable('https://n8n.example.com/disabled');
		webhooks.add('https://n8n.example.com/lost', ['add_message']);
		webhooks.lose('https://n8n.example.com/lost');

		await deliveries.happen('add_message');
		expect(receiver.received.map(({ url }) => url?.split('?')[0]).sort()).toEqual([
			'/second',
			'/webhook/1b2c/kommo',
		]);
		expect(await deliveries.happen('note_lead')).toEqual([]);
	});

	test('again after each interval until it is taken', async () => {
		receiver.respond = (response, request, count) =>
			answer(count < 3 ? 503 : 200)(response, request, count);
		const [delivery] = await deliveries.happen('add_message');
		expect(delivery).toMatchObject({ status: 503, attempts: 1 });

		await deliveries.settle();
		expect(deliveries.made).toEqual([{ ...delivery, status: 200, attempts: 3 }]);
		const [first, second, third] = receiver.received;
		expect(second!.at - first!.at).toBeGreaterThanOrEqual(19);
		expect(third!.at - second!.at).toBeGreaterThanOrEqual(39);
		expect(third!.body).toBe(first!.body);
	});

	test('as often as there are intervals, and then no more', async () => {
		receiver.respond = answer(401);
		await deliveries.happen('add_message');
		await deliveries.settle();
		expect(deliveries.made).toMatchObject([{ status: 401, attempts: 3 }]);
		expect(receiver.received).toHaveLength(3);
	});

	test('nowhere that no origin leads to', async () => {
		webhooks.add(ELSEWHERE, ['add_lead']);
		expect(await deliveries.happen('add_lead')).toMatchObject([{ status: 'ENOTFOUND' }]);
	});

	test('until over 100 bad answers disable the webhook', async () => {
		deliveries.retryAfter = [];
		receiver.respond = answer(500);
		for (let count = 0; count < 100; count++) await deliveries.happen('add_message');
		expect(webhooks.at(HERE)).toMatchObject([{ disabled: false }]);
		await deliveries.happen('add_message');
		expect(webhooks.at(HERE)).toMatchObject([{ disabled: true }]);
		expect(await deliveries.happen('add_message')).toEqual([]);
	});
});
