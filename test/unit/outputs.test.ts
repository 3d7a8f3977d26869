import fc from 'fast-check';

import { CHOICES, codesOf } from '../../nodes/KommoPipelineTrigger/events';
import type { KommoEvent } from '../../nodes/shared/events/event';
import {
	configuredOutputs,
	toOutputs,
	type OutputParameters,
} from '../../nodes/shared/routing/outputs';
import { takenBy } from '../../nodes/shared/routing/selection';

const LABELS = Object.fromEntries(CHOICES.map(({ code, output }) => [code, output]));

const event = (entity: string, code: string, id = 1): KommoEvent => ({ event: code, entity, id });

const labelsOf = (events: string[], outputMode: OutputParameters['outputMode'] = 'perEvent') =>
	configuredOutputs({ events, outputMode }, LABELS).map(({ displayName }) => displayName);

/** The ids on each output */
const route = (
	events: KommoEvent[],
	chosen: string[],
	outputMode: OutputParameters['outputMode'] = 'perEvent',
) =>
	toOutputs(events, { events: chosen, outputMode }, (one) => takenBy(codesOf(one), chosen)).map(
		(items) => items.map(({ json }) => json.id),
	);

describe('the outputs', () => {
	test('are those of the chosen events, in the order of choosing', () => {
		expect(labelsOf(['chat', 'other', 'status'])).toEqual(['Chat', 'Other', 'Stage']);
		expect(labelsOf(['chat'])).toEqual(['Chat']);
	});

	test('are a single one in single mode, and while no event is chosen', () => {
		expect(labelsOf(['chat', 'status'], 'single')).toEqual(['Events']);
		expect(labelsOf([])).toEqual(['Events']);
	});
});

describe('an event', () => {
	test('leaves on the output of its code alone, in the order of choosing', () => {
		const events = [event('leads', 'chat', 3), event('leads', 'status', 2), event('leads', 'chat')];
		expect(route(events, ['status', 'call_in', 'chat'])).toEqual([[2], [], [3, 1]]);
	});

	test('leaves on Other when no other chosen event takes it', () => {
		const events = [
			event('leads', 'chat', 1),
			event('leads', 'mail_in', 2),
			event('customers', 'status', 3),
			event('contacts', 'update', 4),
		];
		expect(route(events, ['other', 'chat'])).toEqual([[2, 3, 4], [1]]);
	});

	test('leaves in the order received in single mode', () => {
		const events = [event('talk', 'add', 3), event('leads', 'status', 2), event('leads', 'chat')];
		expect(route(events, ['chat', 'status', 'other'], 'single')).toEqual([[3, 2, 1]]);
	});

	test('leaves exactly once, on an output that the canvas has, whatever is chosen', () => {
		const codes = CHOICES.map(({ code }) => code);
		const anyEvent = fc.record({
			entity: fc.constantFrom('leads', 'customers', 'contacts'),
			event: fc.constantFrom(...codes, 'update', 'toString'),
			id: fc.nat(),
		});
		fc.assert(
			fc.property(
				fc.array(anyEvent),
				fc.shuffledSubarray(codes, { minLength: 1 }),
				fc.constantFrom('perEvent' as const, 'single' as const),
				(events, chosen, outputMode) => {
					const taken = events.filter((one) => takenBy(codesOf(one), chosen));
					const outputs = route(taken, chosen, outputMode);
					expect(outputs).toHaveLength(labelsOf(chosen, outputMode).length);
					expect(outputs.flat().sort()).toEqual(taken.map(({ id }) => id).sort());
				},
			),
		);
	});
});

test("the pipeline's events are those of the contract, in the order of the default", () => {
	expect(CHOICES.map(({ code, output, name }) => [code, output, name])).toEqual([
		['status', 'Stage', 'Stage Changed'],
		['add', 'Lead Added', 'Lead Added'],
		['mail_in', 'Email', 'Incoming Email'],
		['call_in', 'Call', 'Incoming Call'],
		['chat', 'Chat', 'Incoming Chat Message'],
		['site_visit', 'Site Visit', 'Site Visit'],
		['period', 'Period', 'Period Changed'],
		['other', 'Other', 'Other Events'],
	]);
});

test.each([
	['leads', 'status', 'status'],
	['customers', 'status', undefined],
	['leads', 'add', 'add'],
	['customers', 'add', undefined],
	['customers', 'chat', 'chat'],
	['contacts', 'chat', undefined],
	['leads', 'period', undefined],
	['customers', 'period', 'period'],
	['leads', 'STATUS', undefined],
	['leads', 'other', undefined],
])('%s.%s is the event %s of the digital pipeline', (entity, action, code) => {
	expect(codesOf(event(entity, action))).toEqual(code ? [code] : []);
});
