import type { IDisplayOptions, INodePropertyOptions } from 'n8n-workflow';

export type Resource = 'chat' | 'lead' | 'salesbot';

export type OperationName =
	| 'getUnanswered'
	| 'sendMessage'
	| 'getMessages'
	| 'downloadAttachment'
	| 'closeTalk'
	| 'handOver'
	| 'run'
	| 'stop';

export interface OperationOption extends INodePropertyOptions {
	value: OperationName;
}

export type Shown = Pick<IDisplayOptions, 'show'> & { show: object };

/** Shows a parameter for these operations of the resource */
export const shownFor = (resource: Resource, ...operation: OperationName[]): Shown => ({
	show: { resource: [resource], operation },
});

/** Shows a parameter only if the node is a tool of an AI agent, or only if it is not */
export const shownInTool = (isTool: boolean, { show }: Shown): Shown => ({
	show: { ...show, '@tool': [isTool] },
});
