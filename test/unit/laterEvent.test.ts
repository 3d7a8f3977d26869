import {
	NodeHelpers,
	Workflow,
	type INode,
	type INodePropertyOptions,
	type INodeTypeDescription,
	type INodeTypes,
} from 'n8n-workflow';

import { VERSIONS } from '../../nodes/KommoPipelineTrigger/catalogue';
import type { KommoEvent } from '../../nodes/KommoPipelineTrigger/events';
import { KommoPipelineTrigger } from '../../nodes/KommoPipelineTrigger/KommoPipelineTrigger.node';
import { toOutputs } from '../../nodes/KommoPipelineTrigger/outputs';
import { isSelected, type Selection } from '../../nodes/KommoPipelineTrigger/selection';

// The catalogue as it would be with one more event than the first version.
jest.mock('../../nodes/KommoPipelineTrigger/events', () => {
	const actual = jest.requireActual('../../nodes/KommoPipelineTrigger/events');
	const first = actual.EVENTS.filter(({ since }: { since?: number }) => since === undefined);
	const entry = {
		code: 'task_done',
		name: 'Task Done',
		description: 'A task of a lead was done',
		output: 'Task',
		entities: ['leads'],
		since: 1.2,
	};
	return { ...actual, EVENTS: [...first, entry] };
});

const FIRST_EVENTS = ['status', 'add', 'mail_in', 'call_in', 'chat', 'site_visit', 'period'];
const FIRST_OUTPUTS = [
	'Stage',
	'Lead Added',
	'Email',
	'Call',
	'Chat',
	'Site Visit',
	'Period',
	'Other',
];

const taskDone: KommoEvent = { event: 'task_done', entity: 'leads', id: 1, status_id: 20 };
const contactUpdate: KommoEvent = { event: 'update', entity: 'contacts', id: 2 };

const type = new KommoPipelineTrigger();
const description: INodeTypeDescription = type.description;

/** A workflow with a node of that version, and no parameter changed. */
function makeNode(typeVersion: number) {
	const name = 'Trigger';
	const nodeTypes = { getByNameAndVersion: () => type } as unknown as INodeTypes;
	const node = { id: '1', name, type: 'trigger', typeVersion, position: [0, 0], parameters: {} };
	const nodes = [node as INode];
	const workflow = new Workflow({ nodes, connections: {}, active: false, nodeTypes });
	return { workflow, node: workflow.getNode(name)! };
}

describe('an event that a later version of the node brings', () => {
	test('gives the node that version', () => {
		expect(VERSIONS).toEqual([1.1, 1.2]);
		expect(description.version).toEqual(VERSIONS);
	});

	test.each([
		[1, FIRST_EVENTS],
		[1.1, FIRST_EVENTS],
		[1.3, FIRST_EVENTS],
		[1.2, [...FIRST_EVENTS, 'task_done']],
	])('makes these the events of Trigger On in version %f: %j', (version, codes) => {
		const { workflow, node } = makeNode(version);
		expect(node.parameters.events).toEqual(codes);
		const shown = description.properties.filter(
			(property) =>
				property.name === 'events' &&
				NodeHelpers.displayParameter(node.parameters, property, node, description),
		);
		const options = shown.flatMap((property) => property.options as INodePropertyOptions[]);
		expect(options.map(({ value }) => value)).toEqual(codes);
		expect(
			workflow.expression.getSimpleParameterValue(node, description.subtitle, 'manual', {}),
		).toBe('All Pipeline Events');
	});

	test.each([
		[1, FIRST_OUTPUTS],
		[1.1, FIRST_OUTPUTS],
		[1.3, FIRST_OUTPUTS],
		[1.2, [...FIRST_OUTPUTS, 'Task']],
	])('makes these the outputs of version %f: %j', (version, labels) => {
		const { workflow, node } = makeNode(version);
		const outputs = NodeHelpers.getNodeOutputs(workflow, node, description);
		expect(outputs).toEqual(labels.map((displayName) => ({ type: 'main', displayName })));
	});

	test.each([
		[1, 7],
		[1.1, 7],
		[1.3, 7],
		[1.2, 8],
	])('leaves version %f on output %i; Other stays where it is', (version, index) => {
		const outputs = toOutputs([taskDone, contactUpdate], 'perEvent', version);
		expect(outputs[index]).toContainEqual({ json: taskDone });
		expect(outputs[7]).toContainEqual({ json: contactUpdate });
		expect(outputs.flat()).toHaveLength(2);
	});

	test('is among the events that n8n offers in its nodes panel', () => {
		const first = description.properties.find(({ displayName }) => displayName === 'Trigger On');
		expect(first?.options).toContainEqual(expect.objectContaining({ value: 'task_done' }));
	});

	test('stays an other event in workflows that were made before', () => {
		const none: Selection = { version: 1.1, events: [], otherEvents: 'output', filters: {} };
		const filters = { stages: { rules: [{ to: { value: 21 } }] } };
		expect(isSelected(taskDone, none)).toBe(true);
		expect(isSelected(taskDone, { ...none, otherEvents: 'ignore' })).toBe(false);
		expect(isSelected(taskDone, { ...none, filters })).toBe(true);
		expect(isSelected(taskDone, { ...none, version: 1.2 })).toBe(false);
	});
});
