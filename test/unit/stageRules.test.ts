import type { KommoEvent } from '../../nodes/shared/events/event';
import { matchesStages, type StageRule } from '../../nodes/shared/routing/stageRules';

const stageChange: KommoEvent = {
	event: 'status',
	entity: 'leads',
	id: 1,
	status_id: 20,
	pipeline_id: 7,
	old_status_id: 10,
	old_pipeline_id: 7,
};
const chat: KommoEvent = { event: 'chat', entity: 'leads', id: 2, status_id: 20, pipeline_id: 7 };

/** As n8n stores a resource locator: by id as text, from the list as Kommo's number */
const rule = (pipeline: unknown, from: unknown, to: unknown): StageRule => ({
	pipeline: { value: pipeline },
	from: { value: from },
	to: { value: to },
});

describe('matchesStages', () => {
	test.each<[string, StageRule[]]>([
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

	test.each<[string, StageRule[]]>([
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

	test('compares the stage of every event of a lead that has one', () => {
		const update = { ...chat, event: 'update' };
		expect(matchesStages(update, [rule(7, '', 20)])).toBe(true);
		expect(matchesStages(update, [rule(7, '', 21)])).toBe(false);
	});
});
