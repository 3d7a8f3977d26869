import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { PROJECT_FOLDER } from '../project/folder';

const EXAMPLES = join(PROJECT_FOLDER, 'examples');

export const TRIGGER = 'Kommo Pipeline Trigger';

/** The triggers of this package, by their type */
export const isTrigger = ({ type }: { type: string }) =>
	/^n8n-nodes-kommo-pipeline\.kommo\w+Trigger$/.test(type);

/** The parts of a workflow that the scripts look at. */
export interface Workflow {
	id: string;
	name: string;
	nodes: Array<{
		name: string;
		type: string;
		webhookId?: string;
		parameters: object;
		credentials?: object;
	}>;
}

/**
 * An example workflow with what n8n adds on import: an id, and a webhook id for the trigger. Without a given
 * webhook id, nobody else knows it.
 */
export function readExample(
	file: string,
	webhookId: string = randomUUID(),
): { workflow: Workflow; webhookPath: string } {
	const example = JSON.parse(readFileSync(join(EXAMPLES, file), 'utf8')) as Workflow;
	const nodes = example.nodes.map((node) => (isTrigger(node) ? { ...node, webhookId } : node));
	const id = randomUUID().replaceAll('-', '').slice(0, 16);
	return { workflow: { ...example, id, nodes }, webhookPath: `${webhookId}/kommo` };
}

/** A request body in `examples/requests`, as Kommo sends it. */
export function readRequest(event: string): string {
	return readFileSync(join(EXAMPLES, 'requests', `${event}.txt`), 'utf8');
}
