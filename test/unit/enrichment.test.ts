import type { KommoApi } from '../../nodes/shared/api/client';
import { now } from '../../nodes/shared/api/deadline';
import { KommoApiError } from '../../nodes/shared/api/problem';
import { readEnrichments, type Enrichment } from '../../nodes/shared/enrichment/choice';
import type { Json, JsonMap } from '../../nodes/shared/events/json';
import { listAnswer, openFakeApi, type AskedRequest, type FakeAnswer } from '../support/fakeApi';
import { enrich } from '../../nodes/shared/enrichment/enrichment';
import type { KommoEvent } from '../../nodes/shared/events/event';
import { letTimeFly } from '../support/virtualTime';

letTimeFly();

const TIME_LIMIT = 1500;
const NEVER = new Promise<never>(() => {});
const OUT_OF_TIME = expect.stringContaining('longer than the time limit');

type List = (request: AskedRequest) => Promise<FakeAnswer>;

/** The answers to requests for these lists, by their path; a number is the status of a refusal. */
const answering = (
	answers: Record<string, JsonMap[] | number | Error>,
): jest.MockedFunction<List> =>
	jest.fn(async ({ path }) => {
		const answer = answers[path] ?? [];
		if (answer instanceof Error) throw answer;
		return typeof answer === 'number' ? { statusCode: answer, body: {} } : listAnswer(path, answer);
	});

const lead = (id: number): KommoEvent => ({ event: 'chat', entity: 'leads', id, pipeline_id: 7 });

describe('enrich', () => {
	const start = (events: KommoEvent[], enrichments: Enrichment[], api: Promise<KommoApi>) =>
		enrich(events, enrichments, now() + TIME_LIMIT, async () => await api);

	const enrichInTime = async (events: KommoEvent[], enrichments: Enrichment[], list: List) =>
		await start(events, enrichments, openFakeApi(list));

	test.each([
		['another account', 'other'],
		['a map without a text', { toString: 'acme' }],
		['a text longer than any name of a host', 'acme'.repeat(100)],
		['an account of amoCRM with the same subdomain', 'acme', 'https://acme.amocrm.ru'],
	])(
		'asks nothing for an event that names %s as its sender, and says so',
		async (_, subdomain, self = '') => {
			const list = answering({});
			const event = { ...lead(1), account: { subdomain, _links: { self } } };
			expect(await enrichInTime([event], ['record'], list)).toEqual([
				{ ...event, enrichment_error: expect.stringContaining('another account') },
			]);
			expect(list).not.toHaveBeenCalled();
		},
	);

	test.each<JsonMap>([
		{ subdomain: 'acme', _links: { self: 'https://acme.kommo.com' } },
		{ subdomain: 'acme', _links: { self: 'https://acme.amocrm.com' } },
		{ subdomain: 'acme', _links: { self: 'https://acme.example.com' } },
		{ id: 29085955 },
	])(
		'asks for an event whose sender is, or may be, the account of the credential: %j',
		async (account) => {
			const event = { ...lead(1), account };
			expect(await enrichInTime([event], ['record'], answering({ leads: [{ id: 1 }] }))).toEqual([
				{ ...event, record: { id: 1 } },
			]);
		},
	);

	test.each(['catalogs', 'toString'])('leaves events of %s as they are', async (entity) => {
		const event = { event: 'add', entity, id: 1 };
		expect(await enrichInTime([event], ['record'], answering({}))).toEqual([event]);
	});

	describe('gives a chat message', () => {
		const message: KommoEvent = {
			event: 'add',
			entity: 'message',
			id: 'b26b',
			contact_id: 9,
			entity_type: 'lead',
			entity_id: 7,
		};
		const records = {
			leads: [{ id: 7, responsible_user_id: 5 }],
			contacts: [{ id: 9, name: 'Ana' }],
			users: [{ id: 5, name: 'Eve' }],
		};

		test('its lead, the contact who wrote it, and the responsible user', async () => {
			const all: Enrichment[] = ['names', 'record', 'contact', 'responsibleUser'];
			const list = answering(records);
			expect(await enrichInTime([message], all, list)).toEqual([
				{
					...message,
					record: records.leads[0],
					contact: records.contacts[0],
					responsible_user: records.users[0],
				},
			]);
			expect(list.mock.calls.filter(([{ query }]) => query.has('with'))).toEqual([]);
		});

		test('the contact with one request', async () => {
			const list = answering(records);
			expect(await enrichInTime([message], ['contact'], list)).toEqual([
				{ ...message, contact: records.contacts[0] },
			]);
			expect(list).toHaveBeenCalledTimes(1);
		});
	});

	describe('gives a lead its main contact,', () => {
		const contacts = [
			{ id: 8, is_main: false },
			{ id: 9, is_main: true },
		];

		/** Kommo, which gives the contacts of a lead only to those who ask for them */
		const kommo = (linked: Json) =>
			jest.fn<Promise<FakeAnswer>, [AskedRequest]>(async ({ path, query }) => {
				const _embedded: JsonMap = query.get('with') === 'contacts' ? { contacts: linked } : {};
				const ids = path === 'users' ? [5] : query.getAll('filter[id][]').map(Number);
				return listAnswer(
					path,
					ids.map((id) => ({ id, ...(path === 'leads' && { responsible_user_id: 5, _embedded }) })),
				);
			});

		test('and asks once for what belongs to the lead', async () => {
			const list = kommo(contacts);
			const all: Enrichment[] = ['record', 'contact', 'responsibleUser'];
			expect(await enrichInTime([lead(1)], all, list)).toEqual([
				{
					...lead(1),
					record: { id: 1, responsible_user_id: 5, _embedded: { contacts } },
					contact: { id: 9 },
					responsible_user: { id: 5 },
				},
			]);
			expect(list.mock.calls.map(([{ path }]) => path).sort()).toEqual([
				'contacts',
				'leads',
				'users',
			]);
		});

		test.each([[[]], [[contacts[0]!]], [null]])('or null where it has none: %j', async (linked) => {
			expect(await enrichInTime([lead(1)], ['contact'], kommo(linked))).toEqual([
				{ ...lead(1), contact: null },
			]);
		});

		test('and does not ask for contacts where nobody wants them', async () => {
			expect(await enrichInTime([lead(1)], ['record'], kommo(contacts))).toEqual([
				{ ...lead(1), record: { id: 1, responsible_user_id: 5, _embedded: {} } },
			]);
		});
	});

	const stage = (id: number) => ({ id, name: `Stage ${id}` });
	const pipelines = [
		{ id: 8, name: 'Service', _embedded: { statuses: [stage(10)] } },
		{ id: 7, name: 'Sales', _embedded: { statuses: [stage(12), stage(11)] } },
	];
	const withPipelines = { 'leads/pipelines': pipelines };

	test('puts each name directly after its id', async () => {
		const event = {
			...lead(1),
			status_id: 11,
			old_status_id: 10,
			old_pipeline_id: 8,
			responsible_user_id: 5,
			name: 'Order',
		};
		const [named] = await enrichInTime([event], ['names'], answering(withPipelines));
		expect(Object.entries(named!).slice(3)).toEqual([
			['pipeline_id', 7],
			['pipeline_name', 'Sales'],
			['status_id', 11],
			['status_name', 'Stage 11'],
			['old_status_id', 10],
			['old_status_name', 'Stage 10'],
			['old_pipeline_id', 8],
			['old_pipeline_name', 'Service'],
			['responsible_user_id', 5],
			['name', 'Order'],
		]);
	});

	test('uses the current pipeline of a lead as the old one, if the event names no old one', async () => {
		const event = { ...lead(1), status_id: 11, old_status_id: 12 };
		expect(await enrichInTime([event], ['names'], answering(withPipelines))).toMatchObject([
			{ old_status_name: 'Stage 12', old_pipeline_name: 'Sales' },
		]);
	});

	test.each<KommoEvent>([
		{ event: 'delete', entity: 'leads', id: 1 },
		{ event: 'chat', entity: 'customers', id: 1, pipeline_id: 7, status_id: 11 },
	])('gives no names of pipelines to %j', async (event) => {
		expect(await enrichInTime([event], ['names'], answering(withPipelines))).toEqual([event]);
	});

	test('gives the custom fields of the record and of the contact by name, typed as the API types them', async () => {
		const custom_fields_values = [
			{ field_id: 5, field_name: 'Taken over', field_type: 'checkbox', values: [{ value: true }] },
			{ field_id: 6, field_name: 'Due', field_type: 'date', values: [{ value: 1695484800 }] },
		];
		const message = {
			event: 'add',
			entity: 'message',
			entity_type: 'lead',
			entity_id: 7,
			contact_id: 9,
		};
		const records = {
			leads: [{ id: 7, custom_fields_values }],
			contacts: [{ id: 9, custom_fields_values: null }],
		};
		expect(await enrichInTime([message], ['record', 'contact'], answering(records))).toEqual([
			{
				...message,
				record: {
					id: 7,
					fields: { 'Taken over': [true], Due: [1695484800] },
					custom_fields_values,
				},
				contact: { id: 9, custom_fields_values: null },
			},
		]);
	});

	describe('gives a task of the list of events, which names no record,', () => {
		const added = (id: number): KommoEvent => ({ event: 'task_added', entity: 'tasks', id });

		test('the record that the task is for, with one request for all tasks', async () => {
			const list = answering({
				tasks: [
					{ id: 1, entity_type: 'leads', entity_id: 7 },
					{ id: 2, entity_type: 'contacts', entity_id: 9 },
				],
				leads: [{ id: 7, name: 'A lead' }],
				contacts: [{ id: 9, name: 'Ana' }],
			});
			expect(await enrichInTime([added(1), added(2)], ['record'], list)).toEqual([
				{ ...added(1), record: { id: 7, name: 'A lead' } },
				{ ...added(2), record: { id: 9, name: 'Ana' } },
			]);
			expect(list).toHaveBeenCalledTimes(3);
		});

		test('nothing when it is for no record', async () => {
			const list = answering({ tasks: [{ id: 1, entity_type: null, entity_id: null }] });
			expect(await enrichInTime([added(1)], ['record'], list)).toEqual([added(1)]);
		});

		test('but asks for no task that names its record, or whose ID is none', async () => {
			const list = answering({ leads: [{ id: 7 }] });
			const ofElement = { ...added(1), element_type: 2, element_id: 7 };
			const ofEntity = { ...added(1), entity_type: 'lead', entity_id: 7 };
			const odd = { ...added(1), id: 'x' };
			expect(await enrichInTime([ofElement, ofEntity, odd], ['record'], list)).toEqual([
				{ ...ofElement, record: { id: 7 } },
				{ ...ofEntity, record: { id: 7 } },
				odd,
			]);
			expect(list.mock.calls.map(([{ path }]) => path)).toEqual(['leads']);
		});

		test('the reason when it is deleted', async () => {
			expect(await enrichInTime([added(1)], ['record'], answering({}))).toEqual([
				{ ...added(1), enrichment_error: expect.stringContaining('may be deleted') },
			]);
		});
	});

	test('gives a contact and a company themselves', async () => {
		const contact = { event: 'add', entity: 'contacts', type: 'contact', id: 9 };
		const company = { event: 'add', entity: 'contacts', type: 'company', id: 4 };
		const list = answering({ contacts: [{ id: 9 }], companies: [{ id: 4 }] });
		expect(await enrichInTime([contact, company], ['record', 'contact'], list)).toEqual([
			{ ...contact, record: { id: 9 }, contact: { id: 9 } },
			{ ...company, record: { id: 4 }, contact: null },
		]);
	});

	describe('explains what is missing', () => {
		test('of each event, with its own reason', async () => {
			const list = answering({
				leads: [{ id: 2, responsible_user_id: 5 }],
				users: 403,
			});
			const events = [lead(1), lead(2)];
			expect(await enrichInTime(events, ['record', 'responsibleUser'], list)).toEqual([
				{ ...lead(1), enrichment_error: expect.stringMatching(/^Kommo's API did not return all/) },
				{
					...lead(2),
					record: { id: 2, responsible_user_id: 5 },
					enrichment_error: expect.stringContaining('(403)'),
				},
			]);
		});

		test('with every reason, once', async () => {
			const list = answering({ leads: 402, 'leads/pipelines': 403 });
			const all: Enrichment[] = ['names', 'record', 'contact', 'responsibleUser'];
			expect(await enrichInTime([lead(1)], all, list)).toEqual([
				{
					...lead(1),
					enrichment_error: expect.stringMatching(/^[^(]*\(403\)[^(]*\. The [^(]*\(402\)[^(]*$/),
				},
			]);
		});

		test('of all events when the API cannot be opened', async () => {
			const events = [lead(1), { ...lead(2), entity: 'catalogs' }];
			const enriched = enrich(events, ['record'], now() + TIME_LIMIT, async () => {
				throw new KommoApiError('No credential.');
			});
			expect(await enriched).toEqual([
				{ ...lead(1), enrichment_error: 'No credential.' },
				events[1],
			]);
		});

		const mistake = new TypeError('x is not a function');
		const unreadable = Object.defineProperty({ id: 1 }, 'responsible_user_id', {
			get() {
				throw mistake;
			},
		});
		test.each([
			['asking', mistake],
			['reading the answer', [unreadable]],
		])('by a fault of this package, when there is one in %s', async (_, answer) => {
			const list = answering({ leads: answer });
			expect(await enrichInTime([lead(1)], ['responsibleUser'], list)).toEqual([
				{
					...lead(1),
					enrichment_error: expect.stringMatching(
						/^n8n-nodes-kommo-pipeline itself failed .*x is not a function.* report it/,
					),
				},
			]);
		});
	});

	describe('when the time is over', () => {
		const busy: List = async () => ({ statusCode: 500, body: {} });

		test.each<Enrichment>(['record', 'names', 'responsibleUser'])(
			'says of %s what Kommo answered, which is asked again',
			async (enrichment) => {
				expect(await enrichInTime([lead(1)], [enrichment], busy)).toEqual([
					{ ...lead(1), enrichment_error: expect.stringContaining('failed (500)') },
				]);
			},
		);

		test('says that there was not enough time, if nothing failed', async () => {
			expect(await enrichInTime([lead(1)], ['record'], async () => await NEVER)).toEqual([
				{ ...lead(1), enrichment_error: OUT_OF_TIME },
			]);
			const opening = enrich([lead(1)], ['record'], now() + TIME_LIMIT, async () => await NEVER);
			expect(await opening).toEqual([{ ...lead(1), enrichment_error: OUT_OF_TIME }]);
		});

		test('gives what has come until then', async () => {
			const pipelines = [
				{ id: 7, name: 'Sales', _embedded: { statuses: [{ id: 10, name: 'New' }] } },
			];
			const list: List = async ({ path }) =>
				path === 'leads' ? await NEVER : listAnswer(path, pipelines);
			const event = { ...lead(1), status_id: 10 };
			expect(await enrichInTime([event], ['record', 'names'], list)).toEqual([
				{ ...event, pipeline_name: 'Sales', status_name: 'New', enrichment_error: OUT_OF_TIME },
			]);
		});
	});
});

describe('readEnrichments', () => {
	test.each([
		[
			['record', 'names'],
			['record', 'names'],
		],
		['names', ['names']],
		['record, names', ['record', 'names']],
		[['names', 'names', 'toString', 7, null], ['names']],
		[{ names: true }, []],
	])('reads %j as %j', (parameter, enrichments) => {
		expect(readEnrichments(parameter)).toEqual(enrichments);
	});
});
