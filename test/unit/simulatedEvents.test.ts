import { EVENTS } from '../../nodes/KommoPipelineTrigger/events';
import { readEvents } from '../../nodes/shared/decoding/payload';
import { makeBody } from '../../scripts/kommo/body';
import { findEvent, SIMULATED_EVENTS } from '../../scripts/kommo/events';

describe('the simulated events', () => {
	test('have every event of the digital pipeline, of every entity that has it', () => {
		const known = SIMULATED_EVENTS.filter(({ source }) => source === 'pipeline');
		expect(known.map(({ entity, action }) => `${entity}.${action}`)).toEqual(
			EVENTS.flatMap(({ code, entities }) => entities.map((entity) => `${entity}.${code}`)),
		);
	});

	test('are found by their name, by entity and action, and by their output', () => {
		expect(findEvent('chat')).toMatchObject({ entity: 'leads', action: 'chat' });
		expect(findEvent('leads.chat')).toBe(findEvent('chat'));
		expect(findEvent('customers.chat')).toMatchObject({ entity: 'customers', action: 'chat' });
		expect(findEvent('period')).toMatchObject({ entity: 'customers' });
		for (const { code, output } of EVENTS) {
			expect(findEvent(output)).toMatchObject({ name: code });
			expect(findEvent(output.toLowerCase())).toMatchObject({ name: code });
		}
		expect(findEvent('toString')).toBeUndefined();
	});

	test.each(SIMULATED_EVENTS.map((event) => [event.name, event] as const))(
		'%s: the trigger reads a record of its own for each id',
		(_, event) => {
			const items = readEvents(makeBody(event, { id: 1_234_567, records: 3 })) ?? [];
			expect(items).toHaveLength(3);
			for (const [index, item] of items.entries()) {
				expect(item).toMatchObject({ event: event.action, entity: event.entity });
				expect(item.account).toMatchObject({ id: 29085955, subdomain: 'acme' });
				expect(JSON.stringify(item)).toContain(String(1_234_567 + index));
			}
		},
	);
});
