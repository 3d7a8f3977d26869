import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { NodeHelpers, type INodeType, type INodeTypeDescription } from 'n8n-workflow';

import { EVENTS } from '../../nodes/KommoPipelineTrigger/events';
import { run } from '../../scripts/project/command';
import { packTarball } from '../../scripts/project/tarball';
import { builtPackage, loadPackage } from '../support/builtPackage';
import { BuiltTrigger, type TriggerSetup } from '../support/builtTrigger';

let description: INodeTypeDescription;

beforeAll(async () => {
	await loadPackage();
	description = (builtPackage().getNode('kommoPipelineTrigger').type as INodeType).description;
});

const outputLabels = (setup: TriggerSetup = {}) => {
	const trigger = new BuiltTrigger(setup);
	return NodeHelpers.getNodeOutputs(trigger.workflow, trigger.node, description).map((output) =>
		typeof output === 'string' ? output : output.displayName,
	);
};

describe('the built package', () => {
	test('gives n8n the nodes and their credentials', () => {
		expect(builtPackage().packageName).toBe('n8n-nodes-kommo-pipeline');
		expect(Object.keys(builtPackage().nodeTypes)).toEqual([
			'kommoPipelineTrigger',
			'kommoAccountTrigger',
			'kommoPollingTrigger',
			'kommoChat',
		]);
		expect(Object.keys(builtPackage().credentialTypes)).toEqual([
			'kommoPipelineAccessTokenApi',
			'kommoPipelineOAuth2Api',
			'kommoPipelineWebhookTokenApi',
		]);
	});

	test('has a light and a dark icon, and search words', () => {
		expect(description.iconUrl).toEqual({
			light: expect.stringMatching(/kommoPipeline\.svg$/),
			dark: expect.stringMatching(/kommoPipeline\.dark\.svg$/),
		});
		expect(description.codex?.alias).toContain('amo CRM');
	});

	test('has one webhook at <uuid>/kommo, which answers when the execution is recorded', () => {
		expect(description.version).toBe(1.1);
		expect(description.webhooks).toEqual([
			{
				name: 'default',
				httpMethod: 'POST',
				path: 'kommo',
				responseMode: 'onReceived',
				responseData: 'noData',
			},
		]);
	});

	test('has an output for each chosen event, in the order of choosing', () => {
		const labels = ['Stage', 'Lead Added', 'Email', 'Call', 'Chat', 'Site Visit', 'Period'];
		expect(outputLabels()).toEqual(labels);
		expect(outputLabels({ parameters: { events: ['chat'] } })).toEqual(['Chat']);
		expect(outputLabels({ parameters: { events: ['other', 'chat', 'status'] } })).toEqual([
			'Other',
			'Chat',
			'Stage',
		]);
		expect(outputLabels({ parameters: { outputMode: 'single' } })).toHaveLength(1);
	});

	test('starts with every event of the digital pipeline chosen, and nothing filtered or verified', () => {
		expect(new BuiltTrigger().node.parameters).toMatchObject({
			events: EVENTS.map(({ code }) => code),
			outputMode: 'perEvent',
			verification: 'none',
			filters: {},
			options: {},
		});
	});

	test('says below its name on the canvas what it is triggered on', async () => {
		const events = ['status', 'chat'];
		const trigger = new BuiltTrigger({ parameters: { events } });
		await trigger.workflow.expression.acquireIsolate?.();
		expect(
			trigger.workflow.expression.getSimpleParameterValue(
				trigger.node,
				description.subtitle,
				'manual',
				{},
			),
		).toBe('Stage Changed, Incoming Chat Message');
	});

	test.each([
		[{}, ['own output']],
		[
			{
				events: ['chat'],
				filters: { stages: { rules: [{ from: { __rl: true, mode: 'id', value: '142' } }] } },
			},
			['which only Stage Changed events have'],
		],
		[{ events: ['period'], filters: { entities: '={{ $json.entities }}' } }, []],
		[{ options: { enrich: ['names'] } }, ['own output', 'needs access to Kommo']],
	])('says in the panel of the settings %j: %j', async (parameters, hints) => {
		const { workflow, node } = new BuiltTrigger({ parameters });
		await workflow.expression.acquireIsolate?.();
		const shown = description.hints?.filter(({ displayCondition }) =>
			workflow.expression.getSimpleParameterValue(node, displayCondition, 'manual', {}),
		);
		const messages = shown?.map(({ message }) => message);
		expect(messages).toEqual(hints.map((hint) => expect.stringContaining(hint) as string));
	});

	test('brings no other package along when it is installed by hand', async () => {
		const folder = await mkdtemp(join(tmpdir(), 'kommo-pipeline-alone-'));
		try {
			const tarball = await packTarball(folder);
			await run('npm', ['install', '--offline', '--prefix', folder, tarball], { cwd: folder });
			const installed = await readdir(join(folder, 'node_modules'));
			expect(installed.filter((name) => !name.startsWith('.'))).toEqual([
				builtPackage().packageName,
			]);
		} finally {
			await rm(folder, { recursive: true, force: true });
		}
	}, 60_000);
});
