import { randomUUID } from 'node:crypto';

import { CHOICES } from '../../nodes/KommoAccountTrigger/events';
import type { Hooked } from './instance';
import { ACCESS_TOKEN } from '../../scripts/kommo/standIn/tokens';

export const ACCOUNT_TRIGGER = 'Kommo Account Trigger';

/** The credential of an administrator of the account */
export const ADMINISTRATOR = {
	id: 'administrator',
	name: 'Administrator',
	type: 'kommoPipelineAccessTokenApi',
	data: { account: 'acme', accessToken: ACCESS_TOKEN },
};

/** A workflow that begins with the account trigger: behind each output a node with the output's label. */
export function makeAccountWorkflow(
	name: string,
	events: readonly string[],
	parameters: object = {},
	{ id, name: label, type } = ADMINISTRATOR,
): Hooked {
	const webhookId = randomUUID();
	const labels = events.map((event) => CHOICES.find(({ code }) => code === event)!.output);
	const trigger = {
		id: 'trigger',
		name: ACCOUNT_TRIGGER,
		type: 'n8n-nodes-kommo-pipeline.kommoAccountTrigger',
		typeVersion: 1.1,
		position: [0, 0],
		webhookId,
		parameters: { events, authentication: 'accessToken', ...parameters },
		credentials: { [type]: { id, name: label } },
	};
	const branches = labels.map((label, index) => ({
		id: `branch-${index}`,
		name: label,
		type: 'n8n-nodes-base.noOp',
		typeVersion: 1,
		position: [320, index * 112],
		parameters: {},
	}));
	const workflow = {
		id: randomUUID().replaceAll('-', '').slice(0, 16),
		name,
		nodes: [trigger, ...branches],
		connections: {
			[ACCOUNT_TRIGGER]: {
				main: labels.map((node) => [{ node, type: 'main', index: 0 }]),
			},
		},
		settings: { executionOrder: 'v1' },
	};
	return { workflow, webhookPath: `${webhookId}/kommo` };
}

/** The workflow's nodes with other events chosen in its trigger. */
export function changeEvents({ workflow }: Hooked, events: readonly string[]): object[] {
	return workflow.nodes.map((node) =>
		node.name === ACCOUNT_TRIGGER ? { ...node, parameters: { ...node.parameters, events } } : node,
	);
}
