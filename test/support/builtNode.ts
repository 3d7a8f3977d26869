import { randomUUID } from 'node:crypto';

import {
	ExecuteContext,
	ExecutionLifecycleHooks,
	LoadOptionsContext,
	WorkflowExecute,
} from 'n8n-core';
import {
	createEmptyRunExecutionData,
	createRunExecutionData,
	NodeApiError,
	NodeConnectionTypes,
	Workflow,
	type IDataObject,
	type INode,
	type INodeExecutionData,
	type INodeListSearchResult,
	type INodeType,
	type INodeTypeDescription,
	type INodeTypes,
	type ITaskData,
	type IWorkflowBase,
	type JsonObject,
} from 'n8n-workflow';

import { NodeInWorkflow, type NodeSetup } from './nodeInWorkflow';

export interface RegularNodeSetup extends NodeSetup {
	/** The settings of the node's tab Settings */
	settings?: Pick<INode, 'onError' | 'retryOnFail' | 'maxTries' | 'waitBetweenTries'>;
	/** Renews the token of an OAuth2 credential */
	renewToken?: () => Promise<void>;
	/** Where the requests for Kommo's API go over the network, e.g. `http://127.0.0.1:8080` */
	origin?: string;
}

/** What the model of an agent calls */
interface Tool {
	invoke(input: IDataObject): Promise<string>;
}

const MODE = 'trigger';

const AGENT = 'agent';

/** The URL at which n8n would resume a waiting workflow */
const WAITING_URL = 'https://n8n.example.com/waiting';
const WAITING = { webhookWaitingBaseUrl: WAITING_URL, formWaitingBaseUrl: WAITING_URL };

/** A built node that is no trigger, in a workflow, with what n8n-core gives to it. */
export class BuiltNode extends NodeInWorkflow {
	constructor(private readonly regularSetup: RegularNodeSetup = {}) {
		super('kommoChat', { name: 'Node', typeVersion: 1, ...regularSetup.settings }, regularSetup);
	}

	/** The items of each output, for these items at the input */
	async execute(...items: IDataObject[]): Promise<INodeExecutionData[][]> {
		return await this.executeItems(items.map((json) => ({ json })));
	}

	/** The items of each output, for items with files, in an execution with this id */
	async executeItems(
		input: INodeExecutionData[],
		executionId?: string,
	): Promise<INodeExecutionData[][]> {
		const data = { main: [input] };
		const context = new ExecuteContext(
			this.workflow,
			this.node,
			this.additionalData(executionId === undefined ? {} : { executionId }),
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

	/** Lets n8n's engine run a workflow with only this node. The engine follows the node's settings. */
	async run(...items: IDataObject[]): Promise<ITaskData> {
		const { node } = this;
		const data = { main: [items.map((json) => ({ json }))] };
		const hooks = new ExecutionLifecycleHooks(MODE, '1', {} as IWorkflowBase);
		const execution = new WorkflowExecute(
			this.additionalData({ ...WAITING, hooks }),
			MODE,
			createRunExecutionData({
				executionData: { nodeExecutionStack: [{ node, data, source: null }] },
			}),
		);
		const workflow = this.makeWorkflow([node], this.makeType());
		const run = await execution.processRunExecutionData(workflow);
		return run.data.resultData.runData[node.name]![0]!;
	}

	/** The node as a tool of an agent, which is executed for the item */
	async makeTool(item: IDataObject): Promise<Tool> {
		const agent: INode = { ...this.node, id: randomUUID(), name: 'Agent', type: AGENT };
		// n8n gives a node that is a tool its own type, and so does this
		const type = this.makeType({
			name: `${this.type.description.name}Tool`,
			inputs: [],
			outputs: [NodeConnectionTypes.AiTool],
		});
		const { parameters = {} } = this.regularSetup;
		const tool: INode = { ...this.node, type: `${this.node.type}Tool`, parameters };
		const workflow = this.makeWorkflow([agent, tool], type);
		const input = [{ json: item }];
		const data = { main: [input] };
		const context = new ExecuteContext(
			workflow,
			agent,
			this.additionalData({ ...WAITING, currentNodeExecutionIndex: 0 }),
			MODE,
			createRunExecutionData(),
			0,
			input,
			data,
			{ node: agent, data, source: null },
			[],
		);
		await workflow.expression.acquireIsolate?.();
		const tools = await context.getInputConnectionData(NodeConnectionTypes.AiTool, 0);
		return (tools as Tool[])[0]!;
	}

	/** What the list of a resource locator offers for the text that the user types */
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

	/** The node type, whose requests are answered in any context */
	private makeType(description: Partial<INodeTypeDescription> = {}): INodeType {
		const execute = async (context: ExecuteContext) => await this.executeIn(context);
		return Object.create(this.type, {
			description: { value: { ...this.type.description, ...description } },
			execute: {
				async value(this: ExecuteContext) {
					return await execute(this);
				},
			},
		}) as INodeType;
	}

	/** A workflow of the nodes, each a tool of the first */
	private makeWorkflow(nodes: INode[], type: INodeType): Workflow {
		const main = [NodeConnectionTypes.Main];
		const agent = { inputs: [...main, NodeConnectionTypes.AiTool], outputs: main, properties: [] };
		const [{ name }, ...tools] = nodes as [INode, ...INode[]];
		const connection = { node: name, type: NodeConnectionTypes.AiTool, index: 0 };
		return new Workflow({
			nodes,
			connections: Object.fromEntries(
				tools.map((tool) => [tool.name, { [connection.type]: [[connection]] }]),
			),
			active: true,
			nodeTypes: {
				getByNameAndVersion: (name: string) => (name === AGENT ? { description: agent } : type),
			} as unknown as INodeTypes,
		});
	}

	private async executeIn(context: ExecuteContext): Promise<INodeExecutionData[][]> {
		this.connect(context);
		return (await this.type.execute!.call(context)) as INodeExecutionData[][];
	}

	private connect(context: ExecuteContext | LoadOptionsContext): void {
		const { renewToken, origin } = this.regularSetup;
		const { helpers } = context;
		const { httpRequest } = helpers;
		this.answerRequests(context);
		if (renewToken) helpers.refreshOAuth2Token = renewToken;
		if (!origin) return;
		// Sends it as n8n does, but without encryption and without a credential
		helpers.httpRequestWithAuthentication = async (_type, request) => {
			try {
				const { pathname, search } = new URL(request.url);
				return await httpRequest({ ...request, url: origin + pathname + search });
			} catch (error) {
				throw new NodeApiError(this.node, error as JsonObject);
			}
		};
	}
}
