import {
	ExecuteContext,
	ExecutionLifecycleHooks,
	LoadOptionsContext,
	WorkflowExecute,
	type PackageDirectoryLoader,
} from 'n8n-core';
import {
	createEmptyRunExecutionData,
	createRunExecutionData,
	NodeApiError,
	Workflow,
	type IDataObject,
	type INode,
	type INodeExecutionData,
	type INodeListSearchResult,
	type INodeType,
	type INodeTypes,
	type ITaskData,
	type IWorkflowBase,
	type JsonObject,
} from 'n8n-workflow';

import { NodeInWorkflow, type NodeSetup } from './nodeInWorkflow';

export interface RegularNodeSetup extends NodeSetup {
	/** Those of the node's tab Settings */
	settings?: Pick<INode, 'onError' | 'retryOnFail' | 'maxTries' | 'waitBetweenTries'>;
	/** Renews the token of an OAuth2 credential */
	renewToken?: () => Promise<void>;
	/** Where the requests for Kommo's API go over the network, e.g. `http://127.0.0.1:8080` */
	origin?: string;
}

const MODE = 'trigger';

/** Where n8n would go on with a workflow that waits */
const WAITING_BASE = 'https://n8n.example.com/waiting';

/** A built node that is no trigger, in a workflow, with what n8n-core gives to it. */
export class BuiltNode extends NodeInWorkflow {
	constructor(
		loader: PackageDirectoryLoader,
		type: 'kommoChat',
		private readonly regularSetup: RegularNodeSetup = {},
	) {
		super(loader, type, { name: 'Node', typeVersion: 1, ...regularSetup.settings }, regularSetup);
	}

	/** The items of each output, for these items at the input */
	async execute(...items: IDataObject[]): Promise<INodeExecutionData[][]> {
		const input = items.map((json) => ({ json }));
		const data = { main: [input] };
		const context = new ExecuteContext(
			this.workflow,
			this.node,
			this.additionalData(),
			MODE,
			createEmptyRunExecutionData(),
			0,
			input,
			data,
			{ node: this.node, data, source: null },
			[],
		);
		await this.workflow.expression.acquireIsolate?.();
		return await this.executeIn(context);
	}

	/** Lets n8n's engine run a workflow of this node alone, which heeds the settings of the node. */
	async run(...items: IDataObject[]): Promise<ITaskData> {
		const { node } = this;
		const execute = async (context: ExecuteContext) => await this.executeIn(context);
		const type = Object.create(this.type, {
			execute: {
				async value(this: ExecuteContext) {
					return await execute(this);
				},
			},
		}) as INodeType;
		const workflow = new Workflow({
			nodes: [node],
			connections: {},
			active: true,
			nodeTypes: { getByNameAndVersion: () => type } as unknown as INodeTypes,
		});
		const data = { main: [items.map((json) => ({ json }))] };
		const hooks = new ExecutionLifecycleHooks(MODE, '1', {} as IWorkflowBase);
		const { resultData } = await new WorkflowExecute(
			this.additionalData({
				hooks,
				webhookWaitingBaseUrl: WAITING_BASE,
				formWaitingBaseUrl: WAITING_BASE,
			}),
			MODE,
			createRunExecutionData({
				executionData: { nodeExecutionStack: [{ node, data, source: null }] },
			}),
		)
			.processRunExecutionData(workflow)
			.then((run) => run.data);
		return resultData.runData[node.name]![0]!;
	}

	/** What the list of a resource locator offers for a text that is typed into it */
	async search(method: string, filter?: string): Promise<INodeListSearchResult> {
		const context = new LoadOptionsContext(
			this.workflow,
			this.node,
			this.additionalData({ currentNodeParameters: this.node.parameters }),
			'',
		);
		this.connect(context);
		return await this.type.methods!.listSearch![method]!.call(context, filter);
	}

	private async executeIn(context: ExecuteContext): Promise<INodeExecutionData[][]> {
		this.connect(context);
		return (await this.type.execute!.call(context)) as INodeExecutionData[][];
	}

	private connect(context: ExecuteContext | LoadOptionsContext): void {
		const { renewToken, origin } = this.regularSetup;
		const { helpers } = context;
		this.answerRequests(context);
		if (renewToken) helpers.refreshOAuth2Token = renewToken;
		if (!origin) return;
		// As n8n sends it, but neither encrypted nor with a credential
		helpers.httpRequestWithAuthentication = async (_type, request) => {
			try {
				const { pathname, search } = new URL(request.url);
				return await helpers.httpRequest({ ...request, url: origin + pathname + search });
			} catch (error) {
				throw new NodeApiError(this.node, error as JsonObject);
			}
		};
	}
}
