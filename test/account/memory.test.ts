import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Workflow } from '../../scripts/n8n/example';
import { AccountN8n } from '../support/accountN8n';
import {
	ACCOUNT_TRIGGER,
	ADMINISTRATOR,
	changeEvents,
	makeAccountWorkflow,
} from '../support/accountWorkflow';
import { Instance, START_TIMEOUT, type Hooked } from '../support/instance';
import { makePollingWorkflow } from '../support/pollingWorkflow';

jest.setTimeout(3 * 60_000);

type Exported = Workflow & { connections: object; staticData: object };

/** A credential that its user changes to another account */
const MOVING = { ...ADMINISTRATOR, id: 'moving', name: 'Moving' };

const original = makeAccountWorkflow('Original', ['add_message']);
const renamed = makeAccountWorkflow('Renamed', ['add_message']);
const restored = makeAccountWorkflow('Restored', ['add_message']);
const imported = makeAccountWorkflow('Imported', ['add_message']);
/** At first, it only polls. */
const beside = makeAccountWorkflow('Beside', ['add_message']);
const [poller] = makePollingWorkflow('Polling', ['lead_added'], undefined, {}, ADMINISTRATOR).nodes;
const pollingNode = { ...poller!, id: 'poller' };
const withBoth = [...beside.workflow.nodes, pollingNode];
const polling = { ...beside.workflow, nodes: [pollingNode], connections: {} };
const moved = makeAccountWorkflow('Moved', ['add_message'], {}, MOVING);

let n8n: AccountN8n;
let copy: Instance<never> | undefined;

beforeAll(async () => {
	const drafts = [original, renamed, restored, imported, moved, { ...beside, workflow: polling }];
	n8n = await AccountN8n.start(drafts, {}, undefined, {}, [MOVING]);
}, START_TIMEOUT);

afterAll(async () => {
	await copy?.stop();
	await n8n?.stop();
});

/** The workflow as `n8n export:workflow` writes it: with the trigger's memory */
async function exportWorkflow({ workflow: { id } }: Hooked): Promise<Exported> {
	await n8n.n8n.cli('export:workflow', `--id=${id}`, '--output=exported.json');
	const file = await readFile(join(n8n.n8n.folder, 'exported.json'), 'utf8');
	const [exported] = JSON.parse(file) as [Exported];
	return exported;
}

/** Publishes the workflow twice. Gives it with the memory of the first time. */
async function outdate(hooked: Hooked): Promise<Exported> {
	await n8n.publish(hooked);
	const exported = await exportWorkflow(hooked);
	await n8n.change(hooked, changeEvents(hooked, ['add_message', 'add_lead']));
	expect(n8n.registrationOf(hooked).destination).toMatch(/&n=2$/);
	return exported;
}

/** A message runs the workflow, and unpublishing leaves nothing in Kommo. */
async function expectToWork(hooked: Hooked): Promise<void> {
	const { delivery, execution } = await n8n.receive(hooked, 'add_message');
	expect(delivery).toMatchObject({ status: 200 });
	expect(execution).toMatchObject({ status: 'success' });
	await n8n.unpublish(hooked);
	expect(n8n.registrationsOf(hooked)).toEqual([]);
}

/** A second n8n without a public address, which has the workflow with its memory */
async function startCopy(exported: Workflow): Promise<Instance<never>> {
	return await Instance.start({
		workflows: {},
		drafts: [{ workflow: exported, webhookPath: original.webhookPath }],
		credentials: [ADMINISTRATOR],
		prepareEnv: async () => n8n.kommo.env,
	});
}

test(
	"a copy that another n8n cannot publish leaves the original's registration alone",
	async () => {
		const registration = await n8n.publish(original);
		const { id } = original.workflow;
		const exported = await exportWorkflow(original);
		expect(JSON.stringify(exported)).toContain(registration.destination);

		copy = await startCopy(exported);
		const problem = await copy.rest.publish(id).catch(String);
		expect(problem).toContain('Kommo cannot reach n8n at');
		await copy.rest.unpublish(id);

		expect(n8n.registrationsOf(original)).toEqual([registration]);
		const { delivery, execution } = await n8n.receive(original, 'add_message');
		expect(delivery).toMatchObject({ status: 200 });
		expect(execution).toMatchObject({ status: 'success' });
	},
	START_TIMEOUT,
);

test('a trigger that is renamed takes its registration along', async () => {
	await n8n.publish(renamed);
	const nodes = renamed.workflow.nodes.map((node) =>
		node.name === ACCOUNT_TRIGGER ? { ...node, name: 'Messages' } : node,
	);
	const wires = { main: [[{ node: 'Received', type: 'main', index: 0 }]] };
	await n8n.change(renamed, nodes, { Messages: wires });
	await expectToWork(renamed);
});

test('a trigger that is added to a polling one still works when that one has given an event', async () => {
	const { id, connections } = beside.workflow as Exported;
	await n8n.rest.publish(id);
	await n8n.change(beside, withBoth, connections);
	n8n.kommo.events.happen({ type: 'lead_added', entity_id: 7 });
	expect((await n8n.rest.waitForExecution(id)).mode).toBe('trigger');
	await expectToWork(beside);
});

test('a memory that the public API brings back is put right when the workflow is published', async () => {
	const { id, name, nodes, connections, staticData } = await outdate(restored);
	const settings = { executionOrder: 'v1' };
	await n8n.rest.putWorkflow(id, { name, nodes, connections, settings, staticData });
	await n8n.unpublish(restored);
	await n8n.publish(restored);
	await expectToWork(restored);
});

test('a memory that an import brings back is put right when the workflow is published', async () => {
	const exported = await outdate(imported);
	await n8n.n8n.importWorkflows([exported]);
	await n8n.n8n.stop();
	await n8n.n8n.start();
	await n8n.publish(imported);
	await expectToWork(imported);
});

test('says what stays behind in the account when its credential changes to another one', async () => {
	const registration = await n8n.publish(moved);
	await n8n.rest.changeCredential(MOVING.id, { ...MOVING.data, account: 'other' });
	// The other account has no webhooks.
	n8n.kommo.fault = ({ host, path }) =>
		host === 'other.kommo.com' && path.startsWith('/api/v4/webhooks')
			? { statusCode: 204 }
			: undefined;
	await n8n.unpublish(moved);
	n8n.kommo.fault = undefined;

	expect(n8n.registrationsOf(moved)).toEqual([registration]);
	expect(n8n.n8n.log).toContain('may still be registered in the Kommo account acme.kommo.com');
});
