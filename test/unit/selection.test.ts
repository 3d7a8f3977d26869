import type { KommoEvent } from '../../nodes/shared/events/event';
import { toList } from '../../nodes/shared/events/list';
import {
	findUnreadable,
	passesFilters,
	takenBy,
	type Filters,
} from '../../nodes/shared/routing/selection';
import { stageChange } from '../support/stageChange';

const chatOfCustomer: KommoEvent = { event: 'chat', entity: 'customers', id: 2 };
const contactUpdate: KommoEvent = { event: 'update', entity: 'contacts', id: 4 };

describe('takenBy', () => {
	test.each([
		[['chat'], ['status', 'chat', 'other'], 'chat'],
		[['chat'], ['status', 'other'], 'other'],
		[['chat'], ['status'], undefined],
		[['responsible_task', 'update_task'], ['update_task', 'responsible_task'], 'responsible_task'],
		[['responsible_task', 'update_task'], ['update_task', 'other'], 'update_task'],
		[[], ['status', 'other'], 'other'],
		[[], ['status'], undefined],
		[['chat'], [], undefined],
	])('gives an event of the codes %j, with %j chosen, to %s', (codes, chosen, taker) => {
		expect(takenBy(codes, chosen)).toBe(taker);
	});
});

test.each([
	[
		['chat', 'status'],
		['chat', 'status'],
	],
	['chat, status', ['chat', 'status']],
	['', []],
	[null, []],
	[undefined, []],
	[{ a: 1 }, []],
	[['chat', null, 5], ['chat']],
])('toList reads %j, which an expression may give', (value, list) => {
	expect(toList(value)).toEqual(list);
});

describe('passesFilters', () => {
	test.each<Filters>([
		{},
		{ entities: [], accountSubdomain: ' ', stages: {}, ignoreUnchangedStages: false },
		{ entities: '' },
		{ stages: { rules: [] } },
		{ stages: { rules: [{}] } },
	])('takes everything with %j', (filters) => {
		for (const event of [stageChange, chatOfCustomer, contactUpdate]) {
			expect(passesFilters(event, filters)).toBe(true);
		}
	});

	test.each<[string, Filters]>([
		['Entities', { entities: null }],
		['Entities', { entities: 5 }],
		['Entities', { entities: [null] }],
		['Account Subdomain', { accountSubdomain: null }],
		['Account Subdomain', { accountSubdomain: { name: 'acme' } }],
		['Stages', { stages: { rules: null } }],
	])('takes no stage change while %s cannot be read: %j', (name, filters) => {
		expect(findUnreadable(filters)).toEqual([name]);
		expect(passesFilters(stageChange, filters)).toBe(false);
	});

	test.each(['', 'x', null, 5, true, [], [{ entities: ['leads'] }]])(
		'takes nothing while the filters are %j',
		(filters) => {
			expect(findUnreadable(filters as Filters)).toEqual(['Filters']);
			expect(passesFilters(stageChange, filters as Filters)).toBe(false);
			expect(passesFilters(contactUpdate, filters as Filters)).toBe(false);
		},
	);

	test('can read what an expression gives as text', () => {
		const filters = { entities: 'leads, customers', ignoreUnchangedStages: 'true' };
		expect(findUnreadable(filters)).toEqual([]);
		expect(passesFilters(stageChange, filters)).toBe(true);
		expect(passesFilters({ ...stageChange, old_status_id: 20 }, filters)).toBe(false);
	});

	test('takes the chosen entities', () => {
		expect(passesFilters(chatOfCustomer, { entities: ['customers'] })).toBe(true);
		expect(passesFilters(stageChange, { entities: ['customers'] })).toBe(false);
		expect(passesFilters(contactUpdate, { entities: ['leads', 'customers'] })).toBe(false);
	});

	test.each([
		['acme', true],
		['  ACME ', true],
		['acme.kommo.com', true],
		['https://acme.amocrm.ru/leads/', true],
		['acme2', false],
		['acm', false],
		['acme.example.com', false],
	])('compares the account with the subdomain "%s"', (accountSubdomain, passes) => {
		expect(passesFilters(stageChange, { accountSubdomain })).toBe(passes);
	});

	test.each([
		['acme.kommo.com', 'acme.amocrm.com', true],
		['acme.kommo.com', 'acme.amocrm.ru', false],
		['acme.amocrm.ru', 'acme.amocrm.ru', true],
		['acme.amocrm.ru', 'acme.kommo.com', false],
		['acme.kommo.com', 'other.kommo.com', false],
		['acme', 'acme.amocrm.ru', true],
		['acme.kommo.com', 'acme.example.com', true],
	])('with %s asked for, an event whose link is to %s: %s', (accountSubdomain, host, passes) => {
		const account = { subdomain: 'acme', _links: { self: `https://${host}` } };
		expect(passesFilters({ ...stageChange, account }, { accountSubdomain })).toBe(passes);
	});

	test('compares a subdomain that an expression gave as a number', () => {
		const filters = { accountSubdomain: 123 };
		expect(passesFilters({ ...stageChange, account: { subdomain: '123' } }, filters)).toBe(true);
		expect(passesFilters({ ...stageChange, account: { subdomain: 123 } }, filters)).toBe(true);
		expect(passesFilters(stageChange, filters)).toBe(false);
	});

	test.each([
		['no account', undefined],
		['an account without a subdomain', { id: 3 }],
		['an account that is a text', 'acme'],
		['a map for a subdomain', { subdomain: { toString: 'acme' } }],
		['a list for a subdomain', { subdomain: ['acme'] }],
		['null for a subdomain', { subdomain: null }],
		['a subdomain longer than any name of a host', { subdomain: 'acme'.repeat(100) }],
	])('leaves out an event that names %s when one account is asked for', (_, account) => {
		const event: KommoEvent = { ...chatOfCustomer, ...(account !== undefined && { account }) };
		for (const accountSubdomain of ['acme', 'null', 'undefined', 'acme'.repeat(100)]) {
			expect(passesFilters(event, { accountSubdomain })).toBe(false);
		}
		expect(passesFilters(event, {})).toBe(true);
	});

	describe('that ignore unchanged stages', () => {
		const filters = { ignoreUnchangedStages: true };
		const { old_status_id, old_pipeline_id, ...unknownOrigin } = stageChange;
		void [old_status_id, old_pipeline_id];

		test.each([
			['another stage', stageChange],
			[
				'the same stage id in another pipeline',
				{ ...stageChange, old_status_id: 20, old_pipeline_id: 6 },
			],
			['another stage, the old pipeline unknown', { ...unknownOrigin, old_status_id: 10 }],
			['an unknown stage of the same pipeline', { ...unknownOrigin, old_pipeline_id: 7 }],
			['nowhere that Kommo told', unknownOrigin],
		])('take a lead that came from %s', (_, event) => {
			expect(passesFilters(event, filters)).toBe(true);
		});

		test.each([
			['the same stage of the same pipeline', { ...stageChange, old_status_id: 20 }],
			['the same stage, the old pipeline unknown', { ...unknownOrigin, old_status_id: 20 }],
		])('leave out a lead that came from %s', (_, event) => {
			expect(passesFilters(event, filters)).toBe(false);
			expect(passesFilters(event, {})).toBe(true);
		});

		test('take every other kind of event', () => {
			const unchanged = { ...stageChange, old_status_id: 20 };
			expect(passesFilters({ ...unchanged, event: 'update' }, filters)).toBe(true);
			expect(passesFilters({ ...unchanged, entity: 'customers' }, filters)).toBe(true);
		});
	});

	test('want each of them passed', () => {
		const rules = [{ to: { value: 20 } }];
		const filters = { entities: ['leads'], accountSubdomain: 'acme', stages: { rules } };
		expect(passesFilters(stageChange, filters)).toBe(true);
		expect(passesFilters(stageChange, { ...filters, accountSubdomain: 'other' })).toBe(false);
		expect(passesFilters({ ...stageChange, status_id: 21 }, filters)).toBe(false);
	});
});
