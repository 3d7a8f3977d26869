import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { properties } from '../../nodes/KommoPipelineTrigger/description';
import { CHOICES, EVENTS } from '../../nodes/KommoPipelineTrigger/events';
import { readRequest, TRIGGER } from '../../scripts/n8n/example';
import { PROJECT_FOLDER } from '../../scripts/project/folder';
import { makeBody } from '../../scripts/kommo/body';
import { findEvent } from '../../scripts/kommo/events';

const FOLDER = join(PROJECT_FOLDER, 'examples');
const FILES = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));

interface Node {
	name: string;
	type: string;
	typeVersion: number;
	position: [number, number];
	parameters: { width?: number; height?: number; outputMode?: string };
}

interface Example {
	nodes: Node[];
	connections: Record<string, { main: Array<Array<{ node: string }>> }>;
}

const readExample = (file: string) =>
	JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Example;

const isNote = ({ type }: Node) => type === 'n8n-nodes-base.stickyNote';

/** What the canvas of n8n 2.41.1 draws: a square, higher with more than two outputs, and its name below. */
function toBox(node: Node, outputs: number) {
	const [left, top] = node.position;
	const { width = 96, height = 96 + Math.max(0, outputs - 2) * 32 + 24 } = node.parameters;
	return { name: node.name, left, top, right: left + width, bottom: top + height };
}

/** The samples that are not named after the event in them */
const SAMPLES: Record<string, string> = { 'customers.chat': 'chat', 'contacts.update': 'other' };

test.each([
	...EVENTS.map(({ code }) => code).filter((code) => code !== 'chat'),
	...Object.keys(SAMPLES),
])('npm run simulate sends the sample request of %s', (name) => {
	expect(makeBody(findEvent(name)!)).toBe(readRequest(SAMPLES[name] ?? name));
});

test('each output of the trigger has a branch of its name in route-by-event.json', () => {
	const { nodes, connections } = readExample('route-by-event.json');
	expect(nodes.find(({ name }) => name === TRIGGER)?.typeVersion).toBe(1.1);
	expect(connections[TRIGGER]?.main.map((wires) => wires.map(({ node }) => node))).toEqual(
		CHOICES.map(({ output }) => [output]),
	);
});

describe.each(FILES)('%s', (file) => {
	const { nodes, connections } = readExample(file);
	const boxes = nodes.map((node) => toBox(node, connections[node.name]?.main.length ?? 1));

	it('needs nothing but this package and the nodes of n8n itself', () => {
		for (const { name, type } of nodes) {
			expect(type).toMatch(
				name === TRIGGER ? /^n8n-nodes-kommo-pipeline\.kommoPipelineTrigger$/ : /^n8n-nodes-base\./,
			);
		}
	});

	it('holds nothing of the n8n that it was made in', () => {
		expect(Object.keys(readExample(file)).sort()).toEqual([
			'connections',
			'name',
			'nodes',
			'settings',
		]);
		for (const node of nodes) {
			expect(node).not.toHaveProperty('credentials');
			expect(node).not.toHaveProperty('webhookId');
		}
	});

	it('sets parameters that the trigger has', () => {
		const trigger = nodes.find(({ name }) => name === TRIGGER)!;
		const names = properties.map(({ name }) => name);
		expect(names).toEqual(expect.arrayContaining(Object.keys(trigger.parameters)));
	});

	it('has wires between nodes that there are, and leaves none without a wire', () => {
		const wires = Object.values(connections).flatMap(({ main }) => main.flat());
		const reached = new Set([TRIGGER, ...wires.map(({ node }) => node)]);
		const names = nodes.filter((node) => !isNote(node)).map(({ name }) => name);
		expect([...reached].sort()).toEqual(names.sort());
		expect(names).toEqual(expect.arrayContaining(Object.keys(connections)));
	});

	it('has one note', () => {
		expect(nodes.filter(isNote)).toHaveLength(1);
	});

	it('has its nodes on the grid of the canvas, to which n8n moves them otherwise', () => {
		for (const { position } of nodes) {
			expect(position.map((coordinate) => Math.abs(coordinate % 16))).toEqual([0, 0]);
		}
	});

	it('has no two nodes in one place', () => {
		const overlaps = boxes.flatMap((one, index) =>
			boxes
				.slice(index + 1)
				.filter(
					(other) =>
						one.left < other.right &&
						other.left < one.right &&
						one.top < other.bottom &&
						other.top < one.bottom,
				)
				.map((other) => [one.name, other.name]),
		);
		expect(overlaps).toEqual([]);
	});

	it('can be read in a picture of 1,200 x 700 pixels, at 0.8 of its size', () => {
		const width =
			Math.max(...boxes.map(({ right }) => right)) - Math.min(...boxes.map(({ left }) => left));
		const height =
			Math.max(...boxes.map(({ bottom }) => bottom)) - Math.min(...boxes.map(({ top }) => top));
		expect(width * 0.8).toBeLessThanOrEqual(1200);
		expect(height * 0.8).toBeLessThanOrEqual(700);
	});
});
