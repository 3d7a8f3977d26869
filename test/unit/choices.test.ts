import {
	NodeOperationError,
	type IHookFunctions,
	type INodeParameters,
	type IWebhookFunctions,
} from 'n8n-workflow';

import { properties as account } from '../../nodes/KommoAccountTrigger/description';
import { properties as pipeline } from '../../nodes/KommoPipelineTrigger/description';
import { properties as polling } from '../../nodes/KommoPollingTrigger/description';
import { checkChoices, readParameters } from '../../nodes/shared/parameters';

const check = (parameters: INodeParameters, properties = pipeline) => {
	const node = { name: 'Trigger', parameters };
	checkChoices({ getNode: () => node } as unknown as IHookFunctions, properties);
};

describe.each([
	['pipeline', pipeline],
	['account', account],
	['polling', polling],
])('publishing a %s trigger', (_, properties) => {
	const closed = properties.filter(({ noDataExpression }) => noDataExpression);

	test.each(closed)('refuses an expression in $displayName', ({ name, displayName, type }) => {
		// n8n removes the sign of an expression.
		for (const text of ['={{ ["add_message"] }}', '{{ ["add_message"] }}', 'add, status']) {
			expect(() => check({ [name]: text }, properties)).toThrow(
				new RegExp(`^${displayName.replace(/[()]/g, '.')} takes no expression\\. .* publish`),
			);
		}
		expect(type).toMatch(/^(options|multiOptions)$/);
	});

	test.each([
		['filters', 'Filters'],
		['options', 'Options'],
	])('refuses %s that are no map of fields', (name, displayName) => {
		for (const value of ['={{ { "entities": [] } }}', '{{ {} }}', '', 5, null, [], [{}]]) {
			expect(() => check({ [name]: value } as INodeParameters, properties)).toThrow(
				new RegExp(`^${displayName} takes no expression\\. .* add its fields, .* publish`),
			);
		}
	});

	test('takes the defaults', () => {
		const defaults = properties.map(({ name, default: value }) => [name, value]);
		expect(() => check(Object.fromEntries(defaults), properties)).not.toThrow();
		expect(() => check({}, properties)).not.toThrow();
	});
});

test.each([[['add', '={{ "add" }}']], [['{{ "add" }}']], [null], [{ 0: 'add' }]])(
	'publishing refuses %j in Trigger On, too',
	(events) => {
		expect(() => check({ events } as INodeParameters)).toThrow(NodeOperationError);
	},
);

test('publishing accepts a list with an event of a newer version', () => {
	expect(() => check({ events: ['add', 'newer'] })).not.toThrow();
});

/** What the user chose, and what n8n logs of it */
const read = (parameters: Record<string, unknown>) => {
	const warn = jest.fn();
	const context = {
		getNodeParameter: (name: string, fallback?: unknown) =>
			name in parameters ? parameters[name] : fallback,
		getNode: () => ({ name: 'Trigger' }),
		logger: { warn },
	};
	const { outputs, options } = readParameters(context as unknown as IWebhookFunctions);
	return { ...outputs, ...options, warnings: warn.mock.calls.flat() as unknown[] };
};

test.each<[Record<string, unknown>, object]>([
	[{}, { events: [], outputMode: 'perEvent', includeRawBody: false, enrich: [], warnings: [] }],
	[
		{ events: 'add, chat', outputMode: 'single' },
		{ events: ['add', 'chat'], outputMode: 'single' },
	],
	[{ options: null }, { enrichmentTimeLimit: 1500 }],
	[
		{ options: { includeRawBody: true, enrich: 'names' } },
		{ includeRawBody: true, enrich: ['names'] },
	],
	[{ options: { enrichmentTimeLimit: 1 } }, { enrichmentTimeLimit: 100 }],
	[{ options: { enrichmentTimeLimit: '1600' } }, { enrichmentTimeLimit: 1600 }],
	[{ options: { enrichmentTimeLimit: 9999 } }, { enrichmentTimeLimit: 1900 }],
	[
		{ filters: { entities: 5, accountSubdomain: null } },
		{ warnings: [expect.stringMatching(/^Trigger: .* Entities and Account Subdomain has/)] },
	],
])('the trigger reads %j as %j', (parameters, chosen) => {
	expect(read({ filters: {}, ...parameters })).toMatchObject(chosen);
});
