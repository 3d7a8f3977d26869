import { makeWorkflow, type Hooked } from './instance';

/**
 * n8n 2.41 makes a sandbox for expressions for each webhook and each execution, even when there is no
 * expression. With this it makes them on demand, and answers about ten times as many requests a second.
 */
export const SANDBOX_ON_DEMAND = { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' };

/** A workflow whose branch Stage has a node of this type. */
export function makeWorkflowWith(name: string, type: string, parameters: object): Hooked {
	const { workflow, webhookPath } = makeWorkflow(name, {});
	const nodes = workflow.nodes.map((node) =>
		node.name === 'Stage' ? { ...node, type, typeVersion: 1, parameters } : node,
	);
	return { workflow: { ...workflow, nodes }, webhookPath };
}
