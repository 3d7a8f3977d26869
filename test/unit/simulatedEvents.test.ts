import { EVENTS } from '../../nodes/KommoPipelineTrigger/events';
import { eventsOf } from '../support/decoded';
import { makeBody } from '../../scripts/kommo/body';
import { findEvent, SIMULATED_EVENTS } from '../../scripts/kommo/events';

/** What Kommo's reference and amoCRM's list: actions of nouns */
const ACCOUNT_WIDE: Record<string, string> = {
	lead: 'add update delete restore status responsible note',
	contact: 'add update delete restore responsible note',
	company: 'add update delete restore responsible note',
	customer: 'add update delete responsible note',
	task: 'add update delete responsible',
	talk: 'add update delete',
	message: 'add',
	outgoing_message: 'add',
	unsorted: 'add update delete',
	chat_template_review: 'add',
};

describe('the simulated events', () => {
	test('have every event of the digital pipeline, of every entity that has it', () => {
		const known = SIMULATED_EVENTS.filter(({ source }) => source === 'pipeline');
		expect(known.map(({ entity, action }) => `${entity}.${action}`)).toEqual(
			EVENTS.flatMap(({ code, entities }) => entities.map((entity) => `${entity}.${code}`)),
		);
	});

	test('have all 37 account-wide webhooks of Kommo and amoCRM', () => {
		const codes = Object.entries(ACCOUNT_WIDE).flatMap(([noun, actions]) =>
			actions.split(' ').map((action) => `${action}_${noun}`),
		);
		expect(codes).toHaveLength(37);
		expect(SIMULATED_EVENTS.flatMap(({ code }) => code ?? []).sort()).toEqual(codes.sort());
	});

	test.each([
		['update_company', { entity: 'contacts', event: 'update', type: 'company' }],
		[
			'responsible_company',
			{ entity: 'contacts', event: 'update', old_responsible_user_id: 1074240 },
		],
		['responsible_task', { entity: 'task', event: 'update', old_responsible_user_id: 1074240 }],
		['delete_contact', { entity: 'contacts', event: 'delete', type: 'contact' }],
		[
			'note_company',
			{
				entity: 'contacts',
				note: expect.objectContaining({ element_type: '3', element_id: 5 }) as unknown,
			},
		],
		['status_lead', { entity: 'leads', event: 'status', old_status_id: 16203334 }],
		['add_task', { entity: 'task', event: 'add', element_type: '2', element_id: 5 }],
		['add_message', { entity: 'message', type: 'incoming', entity_id: 5, entity_type: 'lead' }],
		['add_outgoing_message', { entity: 'outgoing_message', type: 'outgoing', entity_id: 5 }],
		['delete_unsorted', { entity: 'unsorted', action: 'accept', accept_result: { leads: ['5'] } }],
	])('%s says what it is about', (code, fields) => {
		expect(eventsOf(makeBody(findEvent(code)!, { id: 5 }))).toEqual([
			expect.objectContaining({ ...fields, account: expect.anything() as unknown }),
		]);
	});

	test('are found by their name, by code, by entity and action, and by their output', () => {
		expect(findEvent('chat')).toMatchObject({ entity: 'leads', action: 'chat' });
		expect(findEvent('leads.chat')).toBe(findEvent('chat'));
		expect(findEvent('customers.chat')).toMatchObject({ entity: 'customers', action: 'chat' });
		expect(findEvent('period')).toMatchObject({ entity: 'customers' });
		for (const { code, output } of EVENTS) {
			expect(findEvent(output)).toMatchObject({ name: code });
			expect(findEvent(output.toLowerCase())).toMatchObject({ name: code });
		}
		expect(findEvent('leads.status')).toMatchObject({ code: 'status_lead' });
		expect(findEvent('add_company')).toBe(findEvent('companies.add'));
		expect(findEvent('toString')).toBeUndefined();
	});

	test.each(SIMULATED_EVENTS.map((event) => [event.name, event] as const))(
		'%s: the trigger reads a record of its own for each id',
		(_, event) => {
			const items = eventsOf(makeBody(event, { id: 1_234_567, records: 3 }));
			expect(items).toHaveLength(3);
			for (const [index, item] of items.entries()) {
				expect(item).toMatchObject({ event: event.action, entity: event.entity });
				expect(item.account).toMatchObject({ id: 29085955, subdomain: 'acme' });
				expect(JSON.stringify(item)).toContain(String(1_234_567 + index));
			}
		},
	);
});
