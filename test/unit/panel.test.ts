import { KommoPipelineTrigger } from '../../nodes/KommoPipelineTrigger/KommoPipelineTrigger.node';
import type { INodeProperties, NodeHint } from 'n8n-workflow';

import { properties } from '../../nodes/KommoPipelineTrigger/description';
import { CHOICES } from '../../nodes/KommoPipelineTrigger/events';
import { properties as accountProperties } from '../../nodes/KommoAccountTrigger/description';
import { CHOICES as ACCOUNT_CHOICES } from '../../nodes/KommoAccountTrigger/events';
import {
	hints as accountHints,
	losesAdditionalEvents,
	registersNothing,
} from '../../nodes/KommoAccountTrigger/hints';
import {
	cannotEnrich,
	hasNoStageChanges,
	hints,
	leavesOutAll,
} from '../../nodes/KommoPipelineTrigger/hints';
import { properties as pollingProperties } from '../../nodes/KommoPollingTrigger/description';
import { describeEvents, subtitle } from '../../nodes/shared/panel/eventParameters';
import { hasSeveralOutputs, neverStarts, stageWarnings } from '../../nodes/shared/panel/warning';
import { outputsExpression } from '../../nodes/shared/routing/outputs';

const NAMES = { status: 'Stage Changed', chat: 'Incoming Chat Message', call_in: 'Incoming Call' };
const ALL = { codes: ['status', 'chat', 'call_in'], name: 'All Pipeline Events' };

test.each([
	[['status', 'chat'], 'Stage Changed, Incoming Chat Message'],
	[['call_in', 'chat', 'status'], 'All Pipeline Events'],
	[['call_in', 'chat', 'other'], '3 Events'],
	[['call_in', 'chat', 'status', 'other'], '4 Events'],
	[['unknown'], 'unknown'],
	[[], 'No Events'],
	['={{ $json.events }}', 'No Events'],
])('the canvas says of the events %j: %s', (events, text) => {
	expect(describeEvents({ events }, NAMES, ALL)).toBe(text);
});

/** As n8n evaluates it: an expression ends at the first "}}" */
function evaluate(expression: string, $parameter: object): unknown {
	const code = expression.slice('={{'.length, -'}}'.length);
	expect(code).not.toMatch(/\{\{|\}\}/);
	return new Function('$parameter', `return ${code}`)($parameter);
}

describe('the panel warns', () => {
	const codes = ['status', 'other'];

	test('when no event is chosen', () => {
		expect(neverStarts({ events: [] })).toBe(true);
		expect(neverStarts({ events: ['chat'] })).toBe(false);
		expect(neverStarts({ events: '={{ [] }}' })).toBe(false);
	});

	test('that connections stay where they are, when there are several outputs', () => {
		expect(hasSeveralOutputs({ events: ['status', 'chat'], outputMode: 'perEvent' })).toBe(true);
		expect(hasSeveralOutputs({ events: ['status', 'chat'], outputMode: 'single' })).toBe(false);
		expect(hasSeveralOutputs({ events: ['status'], outputMode: 'perEvent' })).toBe(false);
	});

	test('when only stage changes would be filtered, and none can come', () => {
		const filters = { ignoreUnchangedStages: true };
		expect(hasNoStageChanges({ events: ['chat'], filters }, codes)).toBe(true);
		expect(hasNoStageChanges({ events: ['other'], filters }, codes)).toBe(false);
		expect(hasNoStageChanges({ events: ['chat'], filters: {} }, codes)).toBe(false);
	});

	const [uselessFromStage, noRule, foreignStage] = stageWarnings('Stage Changed', codes);
	const shows = (hint: NodeHint | undefined, events: string[], rules: unknown) =>
		evaluate(hint!.displayCondition!, { events, filters: { stages: { rules } } });

	test.each([{ value: 142 }, 142, '={{ $json.stage }}'])(
		'when a rule has a From Stage, %j, that no event can have',
		(from) => {
			expect(shows(uselessFromStage, ['chat'], [{ from: { value: '' } }, { from }])).toBe(true);
			expect(shows(uselessFromStage, ['status'], [{ from }])).toBe(false);
			expect(shows(uselessFromStage, ['chat'], [{ from: { value: '' } }, {}])).toBe(false);
		},
	);

	test('when a rule cannot be read', () => {
		expect(shows(noRule, ['chat'], [null])).toBe(true);
		expect(shows(noRule, ['chat'], { to: 'Won' })).toBe(true);
		expect(shows(noRule, ['chat'], [{ to: { value: '={{ $json.stage }}' } }])).toBe(false);
	});

	/** As n8n's editor stores a choice from the list */
	const listed = (name: string, value: number) => ({
		__rl: true,
		mode: 'list',
		value,
		cachedResultName: name,
	});
	const sales = listed('Sales', 7);

	test('when n8n has cleared a field of a rule', () => {
		const cleared = { __rl: true, mode: 'list', value: '', cachedResultName: '' };
		const untouched = { __rl: true, mode: 'list', value: '' };
		expect(shows(noRule, ['status'], [{ pipeline: sales, to: cleared }])).toBe(true);
		expect(shows(noRule, ['status'], [{ pipeline: sales, to: untouched }])).toBe(false);
	});

	test.each([
		[true, { pipeline: sales, to: listed('Support: Open', 30) }],
		[true, { pipeline: sales, from: listed('Support: Open', 30), to: listed('Closed - won', 142) }],
		[false, { pipeline: sales, to: listed('Sales: Contract', 20) }],
		[false, { pipeline: sales, to: listed('Closed - won', 142) }],
		[false, { pipeline: sales, to: listed('Won: paid', 142), from: listed('Sales: Contract', 20) }],
		[false, { pipeline: { value: '' }, to: listed('Support: Open', 30) }],
		[false, { pipeline: { mode: 'id', value: '7' }, to: listed('Support: Open', 30) }],
		[false, { pipeline: sales, to: 30 }],
		[false, {}],
	])('when a rule has a stage of another pipeline: %s for %j', (isShown, rule) => {
		expect(shows(foreignStage, ['status'], [null, rule])).toBe(isShown);
		expect(shows(foreignStage, ['status'], rule)).toBe(false);
	});

	test('when the entities leave out every event', () => {
		const entitiesOf = { status: ['leads'], period: ['customers'], chat: ['leads', 'customers'] };
		const leavesOut = (events: string[], entities: string[]) =>
			leavesOutAll({ events, filters: { entities } }, entitiesOf);
		expect(leavesOut(['status'], ['customers'])).toBe(true);
		expect(leavesOut(['status', 'chat'], ['customers'])).toBe(false);
		expect(leavesOut(['status', 'other'], ['customers'])).toBe(false);
		expect(leavesOut(['status'], [])).toBe(false);
		expect(leavesOut([], ['leads'])).toBe(false);
	});

	test('when additional events have no output to leave on', () => {
		const options = { additionalEvents: 'add_x' };
		expect(losesAdditionalEvents({ events: ['add_lead'], options })).toBe(true);
		expect(losesAdditionalEvents({ events: ['add_lead', 'other'], options })).toBe(false);
		expect(losesAdditionalEvents({ events: ['add_lead'], options: {} })).toBe(false);
	});

	test('when Other Events alone registers nothing', () => {
		const options = { additionalEvents: 'add_x' };
		expect(registersNothing({ events: ['other'] })).toBe(true);
		expect(registersNothing({ events: ['other'], options })).toBe(false);
		expect(registersNothing({ events: ['other', 'add_lead'] })).toBe(false);
	});

	test('when Enrich With has no access to Kommo', () => {
		const options = { enrich: ['names'] };
		expect(cannotEnrich({ authentication: 'none', options })).toBe(true);
		expect(cannotEnrich({ authentication: 'oAuth2', options })).toBe(false);
		expect(cannotEnrich({ authentication: 'none', options: { enrich: [] } })).toBe(false);
	});
});

const PANELS: Array<[string, INodeProperties[]]> = [
	['Pipeline', properties],
	['Account', accountProperties],
	['Polling', pollingProperties],
];

/** The parameters with those in their collections */
const listAll = (parameters: readonly INodeProperties[]): INodeProperties[] =>
	parameters.flatMap((parameter) => [
		parameter,
		...(parameter.options ?? []).flatMap((option) => {
			if ('values' in option) return listAll(option.values);
			return parameter.type === 'collection' ? listAll([option as INodeProperties]) : [];
		}),
	]);

const TEXT = expect.stringMatching(/./);

/** What n8n needs of a parameter to show it, by its type */
const SHOWN: Partial<Record<INodeProperties['type'], object>> = {
	credentials: { displayOptions: { show: { authentication: expect.arrayContaining([TEXT]) } } },
	number: { typeOptions: { minValue: expect.any(Number), maxValue: expect.any(Number) } },
	fixedCollection: { typeOptions: { multipleValues: true } },
	resourceLocator: {
		// With a parameter to depend on, n8n would clear a stage when its pipeline changes.
		typeOptions: { loadOptionsDependsOn: [] },
		default: { mode: 'list', value: '' },
		modes: [
			{ name: 'list', typeOptions: { searchListMethod: TEXT, searchable: true } },
			{ name: 'id', validation: [{ properties: { regex: '\\d*', errorMessage: TEXT } }] },
		],
	},
};

test.each(PANELS)('the panel of Kommo %s Trigger shows all of each parameter', (name, panel) => {
	for (const parameter of listAll(panel)) {
		const { type, options = [] } = parameter;
		const shown = { displayName: TEXT, name: TEXT, type: TEXT, default: expect.anything() };
		expect(parameter).toMatchObject({ ...shown, ...SHOWN[type] });
		if (!/^(options|multiOptions)$/.test(type)) continue;
		expect(options).toEqual(
			options.map(() => expect.objectContaining({ name: TEXT, value: TEXT })),
		);
	}
	const closed = panel.filter(({ noDataExpression }) => noDataExpression).map((one) => one.name);
	expect(closed).toEqual(expect.arrayContaining(['authentication', 'events', 'outputMode']));
	const inside = listAll(panel).map((one) => one.name);
	expect(inside).toEqual(expect.arrayContaining(['pipeline', 'from', 'to', 'enrich']));
	const enrich = listAll(panel).find((parameter) => parameter.name === 'enrich')!;
	const names = enrich.options!.map((option) => option.name);
	expect(names).toEqual([...names].sort());
	expect(names).toContain('Record');
	// The account's messages have their text.
	expect(names.includes('Latest Message')).toBe(name !== 'Account');
	expect(enrich.description!.includes('Latest Message')).toBe(name !== 'Account');
	expect(enrich.default).toEqual([]);
});

test('what n8n evaluates as expressions needs nothing but the parameters', () => {
	const parameters = { events: ['chat'], outputMode: 'perEvent', authentication: 'none' };
	expect(evaluate(outputsExpression(CHOICES), parameters)).toEqual([
		{ type: 'main', displayName: 'Chat' },
	]);
	expect(evaluate(subtitle(CHOICES, ALL), { events: ALL.codes })).toBe(ALL.name);
	expect(evaluate(subtitle(ACCOUNT_CHOICES), parameters)).toBe('chat');
	for (const { displayCondition } of [...hints, ...accountHints]) {
		expect(evaluate(displayCondition!, parameters)).toBe(false);
	}
});

test('a list of pipelines opens the window of the access token: n8n takes the first credential of the node', () => {
	const [first] = new KommoPipelineTrigger().description.credentials!;
	expect(first!.name).toBe('kommoPipelineAccessTokenApi');
});
