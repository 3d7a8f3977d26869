import { makeWorkflow, type Hooked } from './instance';

/**
 * n8n 2.41 makes a sandbox for expressions for every webhook and every execution, also where there is
 * none to evaluate. Made on demand, it answers about ten times as many requests a second.
 */
export const SANDBOX_ON_DEMAND = { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' };

/** A workflow whose branch for stage changes has another node than the one that does nothing. */
export function makeWorkflowWith(name: string, type: string, parameters: object): Hooked {
	const { workflow, webhookPath } = makeWorkflow(name, {});
	const nodes = workflow.nodes.map((node) =>
		node.name === 'Stage' ? { ...node, type, typeVersion: 1, parameters } : node,
	);
	return { workflow: { ...workflow, nodes }, webhookPath };
}
