import { randomUUID } from 'node:crypto';

import type { Memory } from '../../nodes/KommoPollingTrigger/polling/memory';
import type { Workflow } from '../../scripts/n8n/example';
import { ACCESS_TOKEN } from '../../scripts/kommo/standIn/tokens';

export const POLLING_TRIGGER = 'Kommo Polling Trigger';

/** The credential of any user of the account */
export const USER_CREDENTIAL = {
	id: 'user',
	name: 'User',
	type: 'kommoPipelineAccessTokenApi',
	data: { account: 'acme', accessToken: ACCESS_TOKEN },
};

/**
 * A workflow with the trigger.
 *
 * @param memory what n8n has kept of the trigger, as if it had polled before
 * @param parameters by default, it polls every minute
 */
export function makePollingWorkflow(
	name: string,
	events: readonly string[],
	memory?: Memory,
	parameters: object = {},
	{ id, name: label, type } = USER_CREDENTIAL,
): Workflow {
	const workflow = {
		id: randomUUID().replaceAll('-', '').slice(0, 16),
		name,
		nodes: [
			{
				id: 'trigger',
				name: POLLING_TRIGGER,
				type: 'n8n-nodes-kommo-pipeline.kommoPollingTrigger',
				typeVersion: 1,
				position: [0, 0],
				parameters: {
					pollTimes: { item: [{ mode: 'everyMinute' }] },
					events,
					authentication: 'accessToken',
					...parameters,
				},
				credentials: { [type]: { id, name: label } },
			},
			{
				id: 'after',
				name: 'After',
				type: 'n8n-nodes-base.noOp',
				typeVersion: 1,
				position: [320, 0],
				parameters: {},
			},
		],
		connections: { [POLLING_TRIGGER]: { main: [[{ node: 'After', type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1' },
		...(memory && { staticData: { [`node:${POLLING_TRIGGER}`]: memory } }),
	};
	return workflow;
}
