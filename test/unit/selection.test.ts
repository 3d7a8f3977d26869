import type { KommoEvent } from '../../nodes/shared/event';
import { codeOf, EVENTS } from '../../nodes/KommoPipelineTrigger/events';
import { isSelected as select, type Selection } from '../../nodes/shared/selection/selection';

const isSelected = (event: KommoEvent, selection: Selection) =>
	select(event, codeOf(event), selection);

const ALL: Selection = {
	events: EVENTS.map(({ code }) => code),
	otherEvents: 'output',
	filters: {},
};

const stageChange: KommoEvent = {
	event: 'status',
	entity: 'leads',
	id: 1,
	status_id: 20,
	pipeline_id: 7,
	old_status_id: 10,
	old_pipeline_id: 7,
	account: { id: 3, subdomain: 'acme' },
};
const chatOfCustomer: KommoEvent = { event: 'chat', entity: 'customers', id: 2 };
const contactUpdate: KommoEvent = { event: 'update', entity: 'contacts', id: 4 };

describe('isSelected', () => {
	test('takes only the events chosen in Trigger On', () => {
		const selection: Selection = { ...ALL, events: ['chat'] };
		expect(isSelected(chatOfCustomer, selection)).toBe(true);
		expect(isSelected(stageChange, selection)).toBe(false);
	});

	test('takes other events, whatever is chosen in Trigger On', () => {
		expect(isSelected(contactUpdate, { ...ALL, events: [] })).toBe(true);
	});

	test('leaves out other events when they are ignored', () => {
		const selection: Selection = { ...ALL, otherEvents: 'ignore' };
		expect(isSelected(contactUpdate, selection)).toBe(false);
		expect(isSelected(stageChange, selection)).toBe(true);
	});

	test('counts the creation of a customer as an other event', () => {
		const added: KommoEvent = { event: 'add', entity: 'customers', id: 5 };
		expect(isSelected(added, { ...ALL, events: ['add'], otherEvents: 'ignore' })).toBe(false);
		expect(isSelected(added, { ...ALL, events: [] })).toBe(true);
	});

	test('takes the chosen entities, and all when none is chosen', () => {
		const only = (entities: Selection['filters']['entities']) => ({
			...ALL,
			filters: { entities },
		});
		expect(isSelected(chatOfCustomer, only(['customers']))).toBe(true);
		expect(isSelected(stageChange, only(['customers']))).toBe(false);
		expect(isSelected(contactUpdate, only(['leads', 'customers']))).toBe(false);
		expect(isSelected(contactUpdate, only([]))).toBe(true);
	});

	test.each([
		['acme', true],
		['  ACME ', true],
		['acme.kommo.com', true],
		['https://acme.amocrm.ru/leads/', true],
		['', true],
		['  ', true],
		['acme2', false],
		['acm', false],
		['acme.example.com', false],
	])('compares the account with the subdomain "%s"', (accountSubdomain, selected) => {
		expect(isSelected(stageChange, { ...ALL, filters: { accountSubdomain } })).toBe(selected);
	});

	test('compares a subdomain that an expression gave as a number', () => {
		const selection = { ...ALL, filters: { accountSubdomain: 123 as unknown as string } };
		expect(isSelected({ ...stageChange, account: { subdomain: '123' } }, selection)).toBe(true);
		expect(isSelected(stageChange, selection)).toBe(false);
	});

	test('leaves out an event of an unknown account when one is asked for', () => {
		const selection = { ...ALL, filters: { accountSubdomain: 'acme' } };
		expect(isSelected(chatOfCustomer, selection)).toBe(false);
		expect(isSelected({ ...chatOfCustomer, account: { id: 3 } }, selection)).toBe(false);
		expect(
			isSelected(
				{ ...chatOfCustomer, account: { id: 3 } },
				{ ...ALL, filters: { accountSubdomain: 'undefined' } },
			),
		).toBe(false);
		expect(isSelected({ ...chatOfCustomer, account: 'acme' }, selection)).toBe(false);
	});

	test.each([
		['a map without a text', { toString: 'acme' }],
		['a list', ['acme']],
		['nothing', null],
		['a text longer than any name of a host', 'acme'.repeat(100)],
	])('takes %s for no subdomain', (_, subdomain) => {
		const event: KommoEvent = { ...chatOfCustomer, account: { subdomain } };
		for (const accountSubdomain of ['acme', 'null', 'acme'.repeat(100)]) {
			expect(isSelected(event, { ...ALL, filters: { accountSubdomain } })).toBe(false);
		}
		expect(isSelected(event, ALL)).toBe(true);
	});

	describe('with stage changes only', () => {
		const selection = { ...ALL, filters: { stageChangesOnly: true } };
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
		])('takes a lead that came from %s', (_, event) => {
			expect(isSelected(event, selection)).toBe(true);
		});

		test.each([
			['the same stage of the same pipeline', { ...stageChange, old_status_id: 20 }],
			['the same stage, the old pipeline unknown', { ...unknownOrigin, old_status_id: 20 }],
		])('leaves out a lead that came from %s', (_, event) => {
			expect(isSelected(event, selection)).toBe(false);
			expect(isSelected(event, ALL)).toBe(true);
		});

		test('takes every other kind of event', () => {
			expect(isSelected(chatOfCustomer, selection)).toBe(true);
			expect(isSelected(contactUpdate, selection)).toBe(true);
		});
	});

	test('lets other events pass the stage rules', () => {
		const rules = [{ pipeline: { value: 1 }, to: { value: 3 } }];
		const selection = { ...ALL, filters: { stages: { rules } } };
		expect(isSelected(stageChange, selection)).toBe(false);
		expect(isSelected({ ...stageChange, event: 'update' }, selection)).toBe(true);
		expect(isSelected({ ...stageChange, entity: 'contacts' }, selection)).toBe(true);
	});

	test('wants every filter passed', () => {
		const filters = { entities: ['leads'], accountSubdomain: 'other' } as const;
		expect(isSelected(stageChange, { ...ALL, filters })).toBe(false);
	});
});
