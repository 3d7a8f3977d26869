import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Workflow } from '../../scripts/n8n/example';
import { AccountN8n } from '../support/accountN8n';
import { ADMINISTRATOR, makeAccountWorkflow } from '../support/accountWorkflow';
import { Instance, START_TIMEOUT } from '../support/instance';

jest.setTimeout(3 * 60_000);

const original = makeAccountWorkflow('Original', ['add_message']);

let n8n: AccountN8n;
let copy: Instance<never> | undefined;

beforeAll(async () => {
	n8n = await AccountN8n.start([original]);
}, START_TIMEOUT);

afterAll(async () => {
	await copy?.stop();
	await n8n?.stop();
});

/** A second n8n, without a public address, that has the workflow as `n8n export:workflow` writes it: with its memory */
async function startCopy(exported: Workflow): Promise<Instance<never>> {
	return await Instance.start({
		workflows: {},
		drafts: [{ workflow: exported, webhookPath: original.webhookPath }],
		credentials: [ADMINISTRATOR],
		prepareEnv: async () => n8n.kommo.env,
	});
}

test(
	"a copy that is published in vain in another n8n leaves the original's registration alone",
	async () => {
		const registration = await n8n.publish(original);
		const { id } = original.workflow;
		await n8n.n8n.cli('export:workflow', `--id=${id}`, '--output=exported.json');
		const file = await readFile(join(n8n.n8n.folder, 'exported.json'), 'utf8');
		const [exported] = JSON.parse(file) as [Workflow];
		expect(file).toContain(registration.destination);

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
