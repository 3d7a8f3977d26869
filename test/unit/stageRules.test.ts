import fc from 'fast-check';

import type { KommoEvent } from '../../nodes/shared/events/event';
import { matchesStages, readStageRules } from '../../nodes/shared/routing/stageRules';
import { stageChange } from '../support/stageChange';

const chat: KommoEvent = { event: 'chat', entity: 'leads', id: 2, status_id: 20, pipeline_id: 7 };

/** As n8n stores a resource locator: by id as text, from the list as Kommo's number */
const rule = (pipeline: unknown, from: unknown, to: unknown) => ({
	pipeline: { value: pipeline },
	from: { value: from },
	to: { value: to },
});

describe('matchesStages', () => {
	test.each<[string, unknown[]]>([
		['there is no rule', []],
		['the rule is empty', [rule('', '', '')]],
		['a rule has no fields at all', [{}]],
		['the pipeline matches', [rule(7, '', '')]],
		['the stage that it is in matches', [rule('', '', '20')]],
		['the stage that it comes from matches', [rule('', ' 10 ', '')]],
		['all match', [rule('7', 10, 20)]],
		['one rule of several matches', [rule(8, '', ''), rule('', '', 20)]],
	])('lets a stage change pass when %s', (_, rules) => {
		expect(matchesStages(stageChange, rules)).toBe(true);
	});

	test.each<[string, unknown[]]>([
		['the pipeline is another', [rule(8, '', '')]],
		['the stage that it is in is another', [rule(7, '', 21)]],
		['the stage that it comes from is another', [rule(7, 11, 20)]],
		['each rule matches in part', [rule(8, '', 20), rule(7, 11, '')]],
	])('stops a stage change when %s', (_, rules) => {
		expect(matchesStages(stageChange, rules)).toBe(false);
	});

	test.each([
		['won', 142],
		['lost', 143],
	])("means the stage %s of the rule's own pipeline", (_, stage) => {
		const closed = { ...stageChange, status_id: stage };
		expect(matchesStages(closed, [rule(7, '', stage)])).toBe(true);
		expect(matchesStages({ ...closed, pipeline_id: 8 }, [rule(7, '', stage)])).toBe(false);
		expect(matchesStages({ ...closed, pipeline_id: 8 }, [rule('', '', stage)])).toBe(true);

		const reopened = { ...stageChange, old_status_id: stage };
		expect(matchesStages(reopened, [rule(7, stage, '')])).toBe(true);
		expect(matchesStages({ ...reopened, old_pipeline_id: 8 }, [rule(7, stage, '')])).toBe(false);
	});

	test('lets a lead pass that leaves a stage for another pipeline', () => {
		const moved = { ...stageChange, pipeline_id: 8, status_id: 30 };
		expect(matchesStages(moved, [rule(7, 10, '')])).toBe(true);
		expect(matchesStages(moved, [rule(7, '', '')])).toBe(false);
		expect(matchesStages(moved, [rule(7, 10, 30)])).toBe(false);
	});

	test('compares the current stage of other lead events with the one to go to', () => {
		expect(matchesStages(chat, [rule(7, '', 20)])).toBe(true);
		expect(matchesStages(chat, [rule(7, '', 21)])).toBe(false);
	});

	test('stops other lead events at a rule with a stage to come from', () => {
		expect(matchesStages(chat, [rule(7, 10, 20)])).toBe(false);
		expect(matchesStages(chat, [rule(7, 10, 20), rule(7, '', 20)])).toBe(true);
		// Kommo names the old stage in an edit, too.
		expect(matchesStages({ ...stageChange, event: 'update' }, [rule(7, 10, 20)])).toBe(false);
	});

	test('compares an event that has only a stage or only a pipeline by what it has', () => {
		const lead: KommoEvent = { event: 'add', entity: 'leads', id: 1 };
		expect(matchesStages({ ...lead, status_id: 20 }, [rule('', '', 21)])).toBe(false);
		expect(matchesStages({ ...lead, pipeline_id: 7 }, [rule(8, '', '')])).toBe(false);
	});

	test('stops a lead with a map in place of an id', () => {
		const id = { toString: '7' };
		expect(matchesStages({ ...chat, pipeline_id: id }, [rule(7, '', '')])).toBe(false);
		expect(matchesStages({ ...stageChange, old_status_id: id }, [rule('', 10, '')])).toBe(false);
	});

	test.each<[string, KommoEvent]>([
		['of customers', { ...chat, entity: 'customers' }],
		['of contacts', { ...chat, entity: 'contacts' }],
		['of leads without a stage', { event: 'delete', entity: 'leads', id: 1 }],
	])('lets events %s pass', (_, event) => {
		expect(matchesStages(event, [rule(1, 2, 3)])).toBe(true);
	});
});

describe('a rule that a person or an AI wrote', () => {
	const won = { ...stageChange, status_id: 143 };
	const lost = { ...chat, status_id: 143 };

	test.each<[string, unknown]>([
		['has a bare id', { rules: [{ to: 143 }] }],
		['has a bare id as text', { rules: [{ to: ' 143 ' }] }],
		['has null for any', { rules: [{ pipeline: null, from: null, to: 143 }] }],
		['has a locator without a value for any', { rules: [{ from: { value: undefined }, to: 143 }] }],
		['stands without a list', { rules: { to: { value: 143 } } }],
		['stands in a list alone', [{ to: 143 }]],
		['stands alone', { to: 143 }],
	])('that %s is understood', (_, stages) => {
		expect(matchesStages(won, stages)).toBe(true);
		expect(matchesStages(lost, stages)).toBe(true);
		expect(matchesStages(stageChange, stages)).toBe(false);
	});

	test.each<[string, unknown]>([
		['null in place of the rules', { rules: null }],
		['null in place of a rule', { rules: [null] }],
		['null for all that it asks', { rules: [{ to: null, from: { value: undefined } }] }],
		['the name of a pipeline', { rules: [{ pipeline: 'Sales', to: 143 }] }],
		['the name of a stage to come from', { rules: [{ from: 'New', to: 143 }] }],
		['the name of a stage to go to', { rules: [{ to: 'Won' }] }],
		[
			'a stage that the editor has cleared',
			{ rules: [{ to: { value: '', cachedResultName: '' } }] },
		],
		[
			'a pipeline that the editor has cleared',
			{ rules: [{ pipeline: { value: '', cachedResultName: '' }, to: 143 }] },
		],
		['an id that Kommo writes otherwise', { rules: [{ to: '0143' }] }],
		['an id below 1', { rules: [{ to: -143 }] }],
		['0 for an id', { rules: [{ to: 0 }, { to: '0' }] }],
		['an id with decimals', { rules: [{ to: '143.0' }] }],
		['an id that is too large for a number', { rules: [{ to: '9007199254740993' }] }],
		['text that ends as an expression begins', { rules: [{ to: '143=' }] }],
		['a list of ids', { rules: [{ to: [143] }] }],
		['a map that is no locator', { rules: [{ to: { id: 143 } }] }],
		['a field that no rule has', { rules: [{ pipeline: 7, stage: 143 }] }],
		['an id in place of a rule', { rules: [143] }],
		['text in place of the rules', { rules: 'won' }],
		['text in place of it all', 'won'],
		['null in place of it all', null],
	])('that has %s lets no stage change pass, and counts as unreadable', (_, stages) => {
		expect(readStageRules(stages)).toContain(undefined);
		expect(matchesStages(won, stages)).toBe(false);
	});

	test('that cannot be read leaves the others as they are', () => {
		expect(matchesStages(won, { rules: [null, { to: 143 }] })).toBe(true);
	});
});

const id = fc.integer({ min: 7, max: 12 });

test('a rule means the same, however it is written', () => {
	const written = fc.oneof(
		id.map((value) => ({
			value,
			ways: [value, String(value), { value }, { value: ` ${value} ` }],
		})),
		fc.constant({ value: '', ways: ['', { value: '' }] }),
	);
	const way = fc.nat().map((n) => (ways: readonly unknown[]) => ways[n % ways.length]);
	const event = fc.record({
		status_id: id,
		pipeline_id: id,
		old_status_id: id,
		old_pipeline_id: id,
	});
	fc.assert(
		fc.property(event, written, written, written, way, (ids, pipeline, from, to, choose) => {
			const change = { ...stageChange, ...ids };
			const asTyped = {
				pipeline: choose(pipeline.ways),
				from: choose(from.ways),
				to: choose(to.ways),
			};
			const inPanel = { rules: [rule(pipeline.value, from.value, to.value)] };
			expect(matchesStages(change, { rules: asTyped })).toBe(matchesStages(change, inPanel));
		}),
	);
});

test('what cannot be read as a rule never opens the filter', () => {
	const noId = fc.oneof(
		fc.boolean(),
		fc.array(fc.anything()),
		fc.double().filter((value) => !Number.isSafeInteger(value)),
		fc.integer({ max: 0 }),
		fc.string().filter((text) => !/^\s*\d*\s*$/.test(text)),
		fc.dictionary(
			fc.string().filter((key) => key !== 'value'),
			fc.anything(),
		),
	);
	const noRule = fc.oneof(
		fc.constantFrom(null, undefined),
		fc.string(),
		fc.integer(),
		fc.array(fc.anything()),
		fc.record({ to: fc.oneof(noId, fc.record({ value: noId })) }),
		fc.record({ to: fc.constant(20), stage: fc.anything() }),
	);
	fc.assert(
		fc.property(fc.array(noRule, { minLength: 1 }), (rules) => {
			expect(matchesStages(stageChange, { rules })).toBe(false);
		}),
	);
});
