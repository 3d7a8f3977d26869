import { ExecuteContext, LoadOptionsContext, type PackageDirectoryLoader } from 'n8n-core';
import {
	NodeApiError,
	type IDataObject,
	type INode,
	type INodeExecutionData,
	type INodeListSearchResult,
	type IRunExecutionData,
	type JsonObject,
} from 'n8n-workflow';

import { NodeInWorkflow, type NodeSetup } from './nodeInWorkflow';

export interface RegularNodeSetup extends NodeSetup {
	/** What n8n does when the node fails; by default it stops the workflow. */
	onError?: INode['onError'];
	/** Renews the token of an OAuth2 credential */
	renewToken?: () => Promise<void>;
	/** Where the requests for Kommo's API go over the network, e.g. `http://127.0.0.1:8080` */
	origin?: string;
}

/** A built node that is no trigger, in a workflow, with the contexts that n8n-core gives to it. */
export class BuiltNode extends NodeInWorkflow {
	constructor(
		loader: PackageDirectoryLoader,
		type: 'kommoChat',
		private readonly regularSetup: RegularNodeSetup = {},
	) {
		const { onError } = regularSetup;
		super(
			loader,
			type,
			{ name: 'Node', typeVersion: 1, ...(onError && { onError }) },
			regularSetup,
		);
	}

	/** The items of each output, for these items at the input */
	async execute(...items: IDataObject[]): Promise<INodeExecutionData[][]> {
		const input = items.map((json) => ({ json }));
		const data = { main: [input] };
		const context = new ExecuteContext(
			this.workflow,
			this.node,
			this.additionalData(),
			'trigger',
			{ resultData: { runData: {} } } as unknown as IRunExecutionData,
			0,
			input,
			data,
			{ node: this.node, data, source: null },
			[],
		);
		this.connect(context);
		await this.workflow.expression.acquireIsolate?.();
		return (await this.type.execute!.call(context)) as INodeExecutionData[][];
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
