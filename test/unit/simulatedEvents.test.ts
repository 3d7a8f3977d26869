import fc from 'fast-check';

import { EVENTS } from '../../nodes/KommoPipelineTrigger/events';
import { readEvents } from '../../nodes/shared/decoding/payload';
import { describeBody, makeBody } from '../../scripts/kommo/body';
import { findEvent, SIMULATED_EVENTS } from '../../scripts/kommo/events';

describe('the simulated events', () => {
	test('have every event of the catalogue, of every entity that has it', () => {
		const known = SIMULATED_EVENTS.map(({ entity, action }) => `${entity}.${action}`);
		const wanted = EVENTS.flatMap(({ code, entities }) =>
			entities.map((entity) => `${entity}.${code}`),
		);
		expect(known).toEqual(expect.arrayContaining(wanted));
		expect(new Set(known).size).toBe(known.length);
	});

	test('go by their name, and by entity and action', () => {
		expect(findEvent('chat')).toMatchObject({ entity: 'leads', action: 'chat' });
		expect(findEvent('leads.chat')).toBe(findEvent('chat'));
		expect(findEvent('customers.chat')).toMatchObject({ entity: 'customers', action: 'chat' });
		expect(findEvent('period')).toMatchObject({ entity: 'customers' });
		expect(findEvent('toString')).toBeUndefined();
	});

	test('go by the output that they leave on, as the canvas has it', () => {
		for (const { code, output } of EVENTS) {
			expect(findEvent(output)).toMatchObject({ name: code });
			expect(findEvent(output.toLowerCase())).toMatchObject({ name: code });
		}
	});

	test.each(SIMULATED_EVENTS.map((event) => [event.name, event] as const))(
		'%s: the trigger reads a record for each id, of that account',
		(_, event) => {
			fc.assert(
				fc.property(
					fc.integer({ min: 1, max: 10 ** 12 }),
					fc.integer({ min: 1, max: 30 }),
					fc.stringMatching(/^[a-z\d]{1,20}$/),
					(id, records, subdomain) => {
						const read = readEvents(makeBody(event, { id, records, subdomain })) ?? [];
						expect(read.map(({ event, entity }) => `${entity}.${event}`)).toEqual(
							Array(records).fill(`${event.entity}.${event.action}`),
						);
						expect(read.map(({ account }) => account)).toEqual(
							Array(records).fill({
								id: 29085955,
								subdomain,
								_links: { self: `https://${subdomain}.kommo.com` },
							}),
						);
						for (const [index, record] of read.entries()) {
							expect(listNumbers(record)).toContain(id + index);
						}
						expect(new Set(read.map((record) => JSON.stringify(record))).size).toBe(records);
					},
				),
				{ numRuns: 20 },
			);
		},
	);

	test('are shown with a field on each line, and cut when there are many', () => {
		const body = makeBody(findEvent('message.add')!, { id: 55 });
		expect(describeBody(body).split('\n')).toEqual(
			expect.arrayContaining([
				'  account[subdomain]=acme',
				'  message[add][0][element_id]=55',
				'  message[add][0][text]=Olá! What does it cost?',
			]),
		);
		const lines = describeBody(makeBody(findEvent('chat')!, { records: 1_000 })).split('\n');
		expect(lines).toHaveLength(51);
		expect(lines.at(-1)).toBe('  ... and 2953 fields more');
	});
});

function listNumbers(value: unknown): unknown[] {
	if (typeof value !== 'object' || value === null) return [value];
	return Object.values(value).flatMap(listNumbers);
}
