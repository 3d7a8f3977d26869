import { until } from '../../scripts/n8n/until';
import { AccountN8n } from '../support/accountN8n';
import { makeAccountWorkflow } from '../support/accountWorkflow';
import { START_TIMEOUT } from '../support/instance';

jest.setTimeout(2 * 60_000);

const disabled = makeAccountWorkflow('Disabled', ['add_message']);
const deleted = makeAccountWorkflow('Deleted', ['add_message']);
const unknown = makeAccountWorkflow('Unknown', ['add_message']);
const workflows = [disabled, deleted];

let n8n: AccountN8n;

beforeAll(async () => {
	// With its publication service, n8n 2.41 does not check at its start what is registered. 1.x has no such service.
	n8n = await AccountN8n.start([...workflows, unknown], {
		N8N_USE_WORKFLOW_PUBLICATION_SERVICE: 'false',
	});
}, START_TIMEOUT);

afterAll(async () => {
	await n8n?.stop();
});

test('n8n registers again at its start what somebody disabled or deleted in Kommo', async () => {
	const { webhooks } = n8n.kommo;
	webhooks.disable((await n8n.publish(disabled)).destination);
	webhooks.lose((await n8n.publish(deleted)).destination);
	await n8n.n8n.stop();
	await n8n.n8n.start();

	for (const workflow of workflows) {
		await until(async () => {
			const [registration] = n8n.registrationsOf(workflow);
			return registration && !registration.disabled ? registration : undefined;
		}, `registration of ${workflow.workflow.name}`);
		const { execution } = await n8n.receive(workflow, 'add_message');
		expect(execution).toMatchObject({ status: 'success' });
	}
});

test('n8n keeps what is registered when Kommo gives no list at its start', async () => {
	const { webhooks } = n8n.kommo;
	const registration = await n8n.publish(unknown);
	await n8n.n8n.stop();
	webhooks.refusal = { status: 503, methods: ['GET'] };
	const asked = webhooks.asked.length;
	await n8n.n8n.start();
	const warning = 'Kommo did not say whether the webhook is still registered';
	await until(async () => n8n.n8n.log.includes(warning) || undefined, 'warning in the log');
	webhooks.refusal = undefined;

	expect(webhooks.asked.slice(asked)).toEqual([]);
	expect(n8n.registrationsOf(unknown)).toEqual([registration]);
	const { execution } = await n8n.receive(unknown, 'add_message');
	expect(execution).toMatchObject({ status: 'success' });
});
