import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { isTrigger, readExample, type Workflow } from '../../scripts/n8n/example';
import { copyFreshData } from '../../scripts/n8n/freshData';
import { N8n } from '../../scripts/n8n/n8n';
import type { Execution, RestClient } from '../../scripts/n8n/restClient';
import { ensureRuntime } from '../../scripts/n8n/runtime';
import { packTarball } from '../../scripts/project/tarball';

/** Enough for the first installation of n8n */
export const START_TIMEOUT = 30 * 60_000;

export interface Hooked {
	workflow: Workflow;
	webhookPath: string;
}

/** The example workflow that has a branch for each output, with these parameters in its trigger. */
export function makeWorkflow(name: string, parameters: object, credentials: object = {}): Hooked {
	const { workflow, webhookPath } = useExample('route-by-event.json', parameters, credentials);
	return { workflow: { ...workflow, name }, webhookPath };
}

/** An example workflow, with what its user would choose in the trigger. */
export function useExample(
	file: string,
	parameters: object = {},
	credentials: object = {},
): Hooked {
	const { workflow, webhookPath } = readExample(file);
	const nodes = workflow.nodes.map((node) =>
		isTrigger(node)
			? { ...node, parameters: { ...node.parameters, ...parameters }, credentials }
			: node,
	);
	return { workflow: { ...workflow, nodes }, webhookPath };
}

export interface Setup<Name extends string> {
	/** The published workflows, by the names that the tests use */
	workflows: Record<Name, Hooked>;
	/** Imported, but not published */
	drafts?: Hooked[];
	credentials: object[];
	/** Called with the instance's folder before n8n starts; gives environment variables for n8n */
	prepareEnv?: (folder: string) => Promise<NodeJS.ProcessEnv>;
}

/** A real n8n with the packed node installed and workflows active, for the tests of one file. */
export class Instance<Name extends string> {
	private constructor(
		private readonly folder: string,
		private readonly workflows: Record<Name, Hooked>,
		readonly n8n: N8n,
		readonly rest: RestClient,
	) {}

	static async start<Name extends string>(setup: Setup<Name>): Promise<Instance<Name>> {
		const runtime = await ensureRuntime();
		const folder = await mkdtemp(join(tmpdir(), 'kommo-pipeline-e2e-'));
		const n8n = await N8n.prepare(runtime, folder, { env: await setup.prepareEnv?.(folder) });
		const published = Object.values<Hooked>(setup.workflows);
		try {
			await copyFreshData(runtime, folder);
			await n8n.installPackage(await packTarball(folder));
			await n8n.importCredentials(setup.credentials);
			await n8n.importWorkflows(
				[...published, ...(setup.drafts ?? [])].map(({ workflow }) => workflow),
			);
			const rest = await n8n.start();
			for (const { workflow, webhookPath } of published) {
				await rest.publish(workflow.id);
				await n8n.waitForWebhook(webhookPath);
			}
			return new Instance(folder, setup.workflows, n8n, rest);
		} catch (error) {
			// If a process stayed behind, the tests would never end.
			await n8n.stop();
			throw error;
		}
	}

	async stop(): Promise<void> {
		await this.n8n.stop();
		await rm(this.folder, { recursive: true, force: true });
	}

	urlOf(name: Name): string {
		return `${this.n8n.url}/webhook/${this.workflows[name].webhookPath}`;
	}

	async listExecutions(name: Name): Promise<Array<{ id: string }>> {
		return await this.rest.listExecutions(this.workflows[name].workflow.id);
	}

	/** Sends a request. Gives the answer and the execution that it started. */
	async run(
		name: Name,
		send: (url: string) => Promise<Response>,
	): Promise<{ response: Response; execution: Execution }> {
		const [last] = await this.listExecutions(name);
		const response = await send(this.urlOf(name));
		const { id } = this.workflows[name].workflow;
		return { response, execution: await this.rest.waitForExecution(id, last?.id) };
	}
}
