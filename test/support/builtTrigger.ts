import { randomUUID } from 'node:crypto';

import type { Request, Response } from 'express';
import { HookContext, PollContext, WebhookContext } from 'n8n-core';
import {
	ObservableObject,
	type IDataObject,
	type INodeExecutionData,
	type IWebhookData,
	type WorkflowActivateMode,
} from 'n8n-workflow';

import { NodeInWorkflow, type NodeSetup } from './nodeInWorkflow';

const TOKEN_CREDENTIAL = 'kommoPipelineWebhookTokenApi';

/** The public address of n8n */
const WEBHOOK_BASE = 'https://n8n.example.com/webhook';

export interface TriggerSetup extends NodeSetup {
	/** The node type; the Kommo Pipeline Trigger by default */
	type?: 'kommoPipelineTrigger' | 'kommoAccountTrigger' | 'kommoPollingTrigger';
	/** Where n8n's webhook URLs begin */
	webhookBase?: string;
	/** The token in the credential */
	token?: string;
}

export interface WebhookCall {
	body?: string | Buffer;
	contentType?: string;
	query?: Record<string, unknown>;
	/** The fields that n8n has parsed from a multipart body */
	fields?: Record<string, string | string[]>;
	/** Thrown when the trigger reads the body */
	readError?: Error;
	/** Whether it comes to the URL that listens for a test event */
	isTest?: boolean;
}

/** The answer that n8n would send, and the items that it would run the workflow with. */
export interface WebhookOutcome {
	status: number;
	answer: unknown;
	/** The items of each output; undefined when the workflow does not run */
	outputs?: IDataObject[][];
}

/** A built trigger in a workflow, with the contexts that n8n-core gives to a node. */
export class BuiltTrigger extends NodeInWorkflow {
	private readonly webhookBase: string;

	private polling?: PollContext;

	constructor(setup: TriggerSetup = {}) {
		const { type = 'kommoPipelineTrigger', webhookBase = WEBHOOK_BASE, token } = setup;
		const credentials: NodeSetup['credentials'] = {
			...setup.credentials,
			...(token !== undefined && { [TOKEN_CREDENTIAL]: { token } }),
		};
		super(
			type,
			{ name: 'Trigger', typeVersion: 1.1, webhookId: randomUUID() },
			{ ...setup, credentials },
		);
		this.webhookBase = webhookBase;
	}

	/** The static data that n8n stores for the node */
	get staticData(): IDataObject {
		return this.workflow.getStaticData('node', this.node);
	}

	/** Does what n8n 2.41 does when another trigger saves static data from before this one was published. */
	loseStaticData(): void {
		this.workflow.staticData = ObservableObject.create({});
	}

	rename(name: string): void {
		this.workflow.renameNode(this.node.name, name);
	}

	/** Does what n8n does when it activates the workflow, and when it starts. */
	async activate(): Promise<void> {
		if (!(await this.callHook('checkExists'))) await this.callHook('create');
	}

	/** Does what n8n does when it deactivates the workflow. */
	async deactivate(): Promise<void> {
		await this.callHook('delete');
	}

	async callHook(name: 'checkExists' | 'create' | 'delete'): Promise<boolean> {
		const context = new HookContext(
			this.workflow,
			this.node,
			this.additionalData({ webhookBaseUrl: this.webhookBase }),
			'trigger',
			'activate',
			this.webhookData,
		);
		this.keepWarnings(context);
		this.answerRequests(context);
		return await this.type.webhookMethods!.default![name].call(context);
	}

	/** Handles a request to the trigger as n8n 2.41 does (`executeWebhook` in its webhook-helpers). */
	async receive(call: WebhookCall): Promise<WebhookOutcome> {
		let refusal: WebhookOutcome | undefined;
		const response = {
			status: (status: number) => ({
				json: (answer: unknown) => {
					refusal = { status, answer };
				},
			}),
		} as unknown as Response;
		const context = new WebhookContext(
			this.workflow,
			this.node,
			this.additionalData({
				webhookBaseUrl: this.webhookBase,
				httpRequest: toRequest(call),
				httpResponse: response,
			}),
			call.isTest ? 'manual' : 'webhook',
			this.webhookData,
			[],
			null,
		);
		this.keepWarnings(context);
		this.answerRequests(context);
		const result = await this.type.webhook!.call(context);
		if (refusal) {
			if (!result.noWebhookResponse) throw new Error('n8n would answer a second time');
			return refusal;
		}
		if (!result.workflowData) {
			const answer = result.webhookResponse ?? { message: 'Webhook call received' };
			return { status: 200, answer };
		}
		return { status: 200, answer: '', outputs: toItems(result.workflowData)! };
	}

	/** Begins to poll as n8n does when it starts (`init`), or when the workflow is published. */
	async beginPolling(
		activation: WorkflowActivateMode = 'activate',
	): Promise<IDataObject[][] | null> {
		this.polling = new PollContext(
			this.workflow,
			this.node,
			this.additionalData({ webhookBaseUrl: this.webhookBase }),
			'trigger',
			activation,
		);
		this.keepWarnings(this.polling);
		this.answerRequests(this.polling);
		return await this.poll();
	}

	/** The items of each output; null if nothing has happened. */
	async poll(): Promise<IDataObject[][] | null> {
		if (!this.polling) throw new Error('n8n polls after it has begun to');
		return toItems(await this.type.poll!.call(this.polling));
	}

	async fetchTestEvent(): Promise<IDataObject[][] | null> {
		const context = new PollContext(
			this.workflow,
			this.node,
			this.additionalData({ webhookBaseUrl: this.webhookBase }),
			'manual',
			'manual',
		);
		this.answerRequests(context);
		return toItems(await this.type.poll!.call(context));
	}

	private get webhookData(): IWebhookData {
		return {
			webhookDescription: this.type.description.webhooks![0]!,
		} as IWebhookData;
	}
}

function toItems(outputs: INodeExecutionData[][] | null): IDataObject[][] | null {
	return outputs && outputs.map((items) => items.map(({ json }) => json));
}

/** A request with the properties that n8n adds. Only `readRawBody()` reads its body. */
function toRequest({
	body = '',
	contentType,
	query = {},
	fields,
	readError,
}: WebhookCall): Request {
	return {
		headers: {},
		query,
		contentType,
		body: fields ? { data: fields, files: {} } : {},
		async readRawBody() {
			if (readError) throw readError;
			this.rawBody = Buffer.from(body);
		},
	} as Request;
}
