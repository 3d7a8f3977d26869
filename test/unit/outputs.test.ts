import type { KommoEvent } from '../../nodes/shared/event';
import { EVENTS, OUTPUTS, outputOf, type EventRow } from '../../nodes/KommoPipelineTrigger/events';
import { toOutputs as route, type OutputMode } from '../../nodes/shared/routing/outputs';

const event = (entity: string, code: string, id = 1): KommoEvent => ({ event: code, entity, id });
const toOutputs = (events: KommoEvent[], mode: OutputMode) =>
	route(events, mode, OUTPUTS, outputOf);

describe('toOutputs, one output an event', () => {
	test.each([
		['leads', 'status', 0],
		['leads', 'add', 1],
		['leads', 'mail_in', 2],
		['customers', 'mail_in', 2],
		['leads', 'call_in', 3],
		['customers', 'call_in', 3],
		['leads', 'chat', 4],
		['customers', 'chat', 4],
		['leads', 'site_visit', 5],
		['customers', 'site_visit', 5],
		['customers', 'period', 6],
		['customers', 'add', 7],
		['contacts', 'add', 7],
		['contacts', 'chat', 7],
		['leads', 'update', 7],
		['leads', 'note', 7],
		['talk', 'add', 7],
		['leads', 'STATUS', 7],
	])('routes %s.%s to output %i alone', (entity, code, output) => {
		const outputs = toOutputs([event(entity, code)], 'perEvent');
		expect(outputs).toHaveLength(8);
		expect(outputs.map((items) => items.length)).toEqual(
			Array.from({ length: 8 }, (_, index) => (index === output ? 1 : 0)),
		);
		expect(outputs[output]).toEqual([{ json: { event: code, entity, id: 1 } }]);
	});

	test('keeps the order of the events on each output', () => {
		const outputs = toOutputs(
			[event('leads', 'chat', 3), event('leads', 'status', 2), event('leads', 'chat', 1)],
			'perEvent',
		);
		expect(outputs[4]?.map(({ json }) => json.id)).toEqual([3, 1]);
	});
});

test('toOutputs, single output, keeps all events in their order', () => {
	const events = [
		event('contacts', 'add', 3),
		event('leads', 'status', 2),
		event('leads', 'chat', 1),
	];
	expect(toOutputs(events, 'single')).toEqual([events.map((json) => ({ json }))]);
});

test('the catalogue has the events of the contract, in the order of their outputs', () => {
	const both = ['leads', 'customers'];
	const entries: readonly EventRow[] = EVENTS;
	expect(entries.map(({ code, output, name, entities }) => [code, output, name, entities])).toEqual(
		[
			['status', 'Stage', 'Stage Changed', ['leads']],
			['add', 'Lead Added', 'Lead Added', ['leads']],
			['mail_in', 'Email', 'Incoming Email', both],
			['call_in', 'Call', 'Incoming Call', both],
			['chat', 'Chat', 'Incoming Chat Message', both],
			['site_visit', 'Site Visit', 'Site Visit', both],
			['period', 'Period', 'Period Changed', ['customers']],
		],
	);
});
