import type { INodeType, INodeTypeDescription, IWebhookResponseData } from 'n8n-workflow';

/** A webhook trigger that does nothing. It shows what n8n itself spends on a request. */
export class IdleTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Idle Trigger',
		name: 'idleTrigger',
		group: ['trigger'],
		version: [1, 1.1],
		description: 'Starts the workflow with an empty item',
		defaults: { name: 'Idle Trigger' },
		inputs: [],
		outputs: ['main'],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				responseData: 'noData',
				path: 'idle',
			},
		],
		properties: [],
	};

	async webhook(): Promise<IWebhookResponseData> {
		return { workflowData: [[{ json: {} }]] };
	}
}
