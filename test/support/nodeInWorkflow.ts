import { randomUUID } from 'node:crypto';

import {
	Workflow,
	type ICredentialDataDecryptedObject,
	type ICredentialsHelper,
	type IHttpRequestOptions,
	type IN8nHttpFullResponse,
	type INode,
	type INodeType,
	type INodeTypes,
	type IWorkflowExecuteAdditionalData,
	type RequestHelperFunctions,
} from 'n8n-workflow';

import { builtPackage } from './builtPackage';

export interface NodeSetup {
	/** Answers the requests of the node as Kommo's API; without it they go to the network. */
	answer?: (request: IHttpRequestOptions) => Promise<IN8nHttpFullResponse>;
	/** Parameters that differ from their defaults */
	parameters?: INode['parameters'];
	/** The data of credentials, by their type */
	credentials?: Record<string, ICredentialDataDecryptedObject>;
}

/** What a node here uses of both kinds of n8n-core's contexts */
interface Context {
	helpers: Pick<RequestHelperFunctions, 'httpRequest' | 'httpRequestWithAuthentication'>;
}

/** A built node in a workflow of its own, for the contexts that n8n-core gives to a node. */
export abstract class NodeInWorkflow {
	protected readonly type: INodeType;

	readonly workflow: Workflow;

	/** The node's warnings in n8n's log */
	readonly warnings: string[] = [];

	private readonly credentialsHelper: ICredentialsHelper;

	protected constructor(
		typeName: string,
		own: Pick<INode, 'name' | 'typeVersion'> & Partial<INode>,
		private readonly setup: NodeSetup,
	) {
		const { parameters = {}, credentials = {} } = setup;
		const loader = builtPackage();
		this.type = loader.getNode(typeName).type as INodeType;
		const nodeTypes = { getByNameAndVersion: () => this.type } as unknown as INodeTypes;
		const node: INode = {
			id: randomUUID(),
			type: `${loader.packageName}.${typeName}`,
			position: [0, 0],
			parameters,
			credentials: Object.fromEntries(
				Object.keys(credentials).map((type) => [type, { id: type, name: type }]),
			),
			...own,
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
		return Object.values(this.workflow.nodes)[0]!;
	}

	/** Answers the requests that the node sends in the context. */
	protected answerRequests({ helpers }: Context): void {
		const { answer } = this.setup;
		if (!answer) return;
		helpers.httpRequestWithAuthentication = async (_type, request) => await answer(request);
		helpers.httpRequest = answer;
	}

	/** Keeps the node's warnings in the context. */
	protected keepWarnings(context: Context): void {
		const logger = { warn: (message: string) => this.warnings.push(message) };
		Object.defineProperty(context, 'logger', { value: logger });
	}

	protected additionalData(
		more: Partial<IWorkflowExecuteAdditionalData> = {},
	): IWorkflowExecuteAdditionalData {
		return {
			credentialsHelper: this.credentialsHelper,
			...more,
		} as IWorkflowExecuteAdditionalData;
	}
}
