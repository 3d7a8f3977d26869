import { randomUUID } from 'node:crypto';

import type { Request, Response } from 'express';
import { HookContext, PackageDirectoryLoader, WebhookContext } from 'n8n-core';
import {
	Workflow,
	type ICredentialDataDecryptedObject,
	type ICredentialsHelper,
	type IDataObject,
	type IHttpRequestOptions,
	type INode,
	type INodeType,
	type INodeTypes,
	type IWebhookData,
	type IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';

import { PROJECT_FOLDER } from '../project/folder';

const TYPE = 'kommoPipelineTrigger';
const TOKEN_CREDENTIAL = 'kommoPipelineWebhookTokenApi';

export interface TriggerSetup {
	/** Parameters that differ from their defaults */
	parameters?: INode['parameters'];
	/** The token in the credential */
	token?: string;
	/** The data of other credentials, by their type */
	credentials?: Record<string, ICredentialDataDecryptedObject>;
}

export interface WebhookCall {
	body?: string | Buffer;
	contentType?: string;
	query?: Record<string, unknown>;
	/** The fields that n8n has parsed from a multipart body */
	fields?: Record<string, string | string[]>;
	/** Thrown when the trigger reads the body */
	readError?: Error;
}

/** The answer that n8n would send, and the items that it would run the workflow with. */
export interface WebhookOutcome {
	status: number;
	answer: unknown;
	/** The items of each output; undefined when the workflow does not run */
	outputs?: IDataObject[][];
}

/** Loads the built package the way n8n does. */
export async function loadPackage(): Promise<PackageDirectoryLoader> {
	const loader = new PackageDirectoryLoader(PROJECT_FOLDER);
	await loader.loadAll();
	return loader;
}

/** A built trigger in a workflow, with the contexts that n8n-core gives to a node. */
export class BuiltTrigger {
	private readonly type: INodeType;

	readonly workflow: Workflow;

	private readonly credentialsHelper: ICredentialsHelper;

	constructor(
		loader: PackageDirectoryLoader,
		{ parameters = {}, token, credentials: others = {} }: TriggerSetup = {},
	) {
		const credentials: Record<string, ICredentialDataDecryptedObject> = {
			...others,
			...(token !== undefined && { [TOKEN_CREDENTIAL]: { token } }),
		};
		this.type = loader.getNode(TYPE).type as INodeType;
		const nodeTypes = { getByNameAndVersion: () => this.type } as unknown as INodeTypes;
		const node: INode = {
			id: randomUUID(),
			name: 'Kommo Pipeline Trigger',
			type: `${loader.packageName}.${TYPE}`,
			typeVersion: 1.1,
			position: [0, 0],
			parameters,
			credentials: Object.fromEntries(
				Object.keys(credentials).map((type) => [type, { id: type, name: type }]),
			),
		};
		this.workflow = new Workflow({ nodes: [node], connections: {}, active: true, nodeTypes });
		this.credentialsHelper = {
			isCredentialUsableByNode: () => true,
			getDecrypted: async (_data, _details, type) => credentials[type]!,
			getParentTypes: () => [],
			preAuthentication: async () => undefined,
			authenticate: async (data, type, request) => {
				const { authenticate } = loader.getCredential(type).type;
				if (typeof authenticate !== 'function') throw new Error(`${type} cannot authenticate`);
				return await authenticate(data, request as IHttpRequestOptions);
			},
		} as Partial<ICredentialsHelper> as ICredentialsHelper;
	}

	get node(): INode {
		return this.workflow.getNode('Kommo Pipeline Trigger')!;
	}

	/** Does what n8n does when it activates the workflow. */
	async activate(): Promise<void> {
		const { checkExists, create } = this.type.webhookMethods!.default!;
		const context = new HookContext(
			this.workflow,
			this.node,
			this.additionalData({}),
			'trigger',
			'activate',
			this.webhookData,
		);
		if (!(await checkExists!.call(context))) await create!.call(context);
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
			this.additionalData({ httpRequest: toRequest(call), httpResponse: response }),
			'webhook',
			this.webhookData,
			[],
			null,
		);
		const result = await this.type.webhook!.call(context);
		if (refusal) {
			if (!result.noWebhookResponse) throw new Error('n8n would answer a second time');
			return refusal;
		}
		if (!result.workflowData) {
			const answer = result.webhookResponse ?? { message: 'Webhook call received' };
			return { status: 200, answer };
		}
		const outputs = result.workflowData.map((items) => items.map(({ json }) => json));
		return { status: 200, answer: '', outputs };
	}

	private get webhookData(): IWebhookData {
		return {
			webhookDescription: this.type.description.webhooks![0]!,
		} as IWebhookData;
	}

	private additionalData(
		request: Partial<IWorkflowExecuteAdditionalData>,
	): IWorkflowExecuteAdditionalData {
		return {
			credentialsHelper: this.credentialsHelper,
			...request,
		} as IWorkflowExecuteAdditionalData;
	}
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
