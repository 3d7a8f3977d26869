import { setTimeout as sleep } from 'node:timers/promises';

import { parse } from 'flatted';

import { until } from './until';

/** The owner's account of a fresh instance. It is no secret, because the instance listens on loopback only. */
export const OWNER = {
	email: 'owner@example.com',
	firstName: 'Kommo',
	lastName: 'Pipeline',
	password: 'Kommo-pipeline-1',
};

type Item = Record<string, unknown>;

/** An execution as n8n recorded it: the items of each output of each node that ran. */
export interface Execution {
	id: string;
	status: string;
	mode: string;
	/** By the node's name */
	nodes: Record<string, Item[][]>;
}

interface RunData {
	resultData: {
		runData: Record<string, Array<{ data?: { main?: Array<Array<{ json: Item }> | null> } }>>;
	};
}

interface Settings {
	userManagement: { showSetupOnFirstLoad: boolean };
	/** Whether triggers are activated in the background; n8n 1.x has no such setting */
	useWorkflowPublicationService?: boolean;
}

interface Publication {
	status: string;
	triggers: Array<{ errorMessage: string | null }>;
}

interface IdleOptions {
	workflowId?: string;
	statuses?: string[];
	timeout?: number;
	left?: number;
}

/** n8n's own REST interface, which its editor uses. It acts as the owner of the instance. */
export class RestClient {
	private constructor(
		private readonly url: string,
		private readonly cookie: string,
	) {}

	/** Signs in as the owner. On a fresh instance it makes the owner's account first. */
	static async signIn(url: string): Promise<RestClient> {
		const { data } = (await (await fetch(`${url}/rest/settings`)).json()) as {
			data: Settings;
		};
		const isFresh = data.userManagement.showSetupOnFirstLoad;
		const { email, password } = OWNER;
		const response = await fetch(`${url}/rest/${isFresh ? 'owner/setup' : 'login'}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(isFresh ? OWNER : { emailOrLdapLoginId: email, password }),
		});
		if (!response.ok) throw new Error(`n8n did not sign the owner in: ${await response.text()}`);
		const [cookie = ''] = (response.headers.get('set-cookie') ?? '').split(';');
		return new RestClient(url, cookie);
	}

	/** The workflow's executions, the newest first. */
	async listExecutions(workflowId: string): Promise<Array<{ id: string; status: string }>> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		const { results } = await this.get<{ results: Array<{ id: string; status: string }> }>(
			`/rest/executions?filter=${filter}&limit=100`,
		);
		return results;
	}

	async getExecution(id: string): Promise<Execution> {
		const { status, mode, data } = await this.get<{ status: string; mode: string; data: string }>(
			`/rest/executions/${id}`,
		);
		const { resultData } = parse(data) as RunData;
		const nodes = Object.entries(resultData.runData).map(([node, [run]]) => [
			node,
			(run?.data?.main ?? []).map((items) => (items ?? []).map(({ json }) => json)),
		]);
		return { id, status, mode, nodes: Object.fromEntries(nodes) };
	}

	/** Reads the execution with this number, with its `data` as text; undefined if there is none. */
	async findExecution(
		id: number,
	): Promise<{ id: string; workflowId: string; status: string; data: string } | undefined> {
		return await this.get(`/rest/executions/${id}`);
	}

	/** Runs a workflow as the editor's "Execute workflow" does, from a trigger that has pinned data. */
	async executeManually(workflowId: string, triggerName: string): Promise<Execution> {
		const [last] = await this.listExecutions(workflowId);
		await this.startFrom(workflowId, triggerName);
		return await this.waitForExecution(workflowId, last?.id);
	}

	/** Listens for a test event of a trigger as the editor does. */
	async listen(workflowId: string, triggerName: string): Promise<void> {
		await this.startFrom(workflowId, triggerName);
	}

	async stopListening(workflowId: string): Promise<void> {
		await this.request('DELETE', `/rest/test-webhook/${workflowId}`);
	}

	/** Runs an execution once more, as the editor's "Retry with original workflow" does. */
	async retryExecution(id: number): Promise<{ id: string; status: string }> {
		return await this.request('POST', `/rest/executions/${id}/retry`, { loadWorkflow: false });
	}

	/** All that n8n has recorded of an execution, as text */
	async getRawExecution(id: string): Promise<string> {
		return (await this.get<{ data: string }>(`/rest/executions/${id}`)).data;
	}

	/** Waits until the workflow has an execution newer than `after`, and it has ended. Reads it. */
	async waitForExecution(workflowId: string, after?: string): Promise<Execution> {
		const id = await until(async () => {
			const [newest] = await this.listExecutions(workflowId);
			const isDone = newest && newest.id !== after && !['new', 'running'].includes(newest.status);
			return isDone ? newest.id : undefined;
		}, `execution of workflow ${workflowId}`);
		return await this.getExecution(id);
	}

	/**
	 * Waits until no execution is running or waiting for its turn.
	 *
	 * @param options.workflowId only counts the executions of this workflow
	 * @param options.statuses only counts executions with these statuses
	 * @param options.timeout in ms
	 * @param options.left how many may remain after that time, such as those of a process that was killed
	 * @throws when more remain
	 */
	async waitUntilIdle({
		workflowId,
		statuses = ['new', 'running'],
		timeout = 60_000,
		left = 0,
	}: IdleOptions = {}): Promise<void> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId, status: statuses }));
		const list = async () => {
			const path = `/rest/executions?filter=${filter}&limit=100`;
			return (await this.get<{ results: unknown[] }>(path)).results;
		};
		const deadline = Date.now() + timeout;
		while (Date.now() < deadline) {
			if ((await list()).length === 0) return;
			await sleep(200);
		}
		const { length } = await list();
		if (length > left) throw new Error(`${length} executions had not ended after ${timeout} ms.`);
	}

	/**
	 * Publishes the workflow as the editor does. n8n 2.x then activates its triggers in the background, 1.x at once.
	 *
	 * @throws an error with what the trigger said, when n8n could not activate it
	 */
	async publish(workflowId: string): Promise<void> {
		const path = `/rest/workflows/${workflowId}`;
		const { versionId } = await this.get<{ versionId: string }>(path);
		await this.request('POST', `${path}/activate`, { versionId });
		const publication = await this.waitForPublication(workflowId);
		if (publication && publication.status !== 'published') {
			throw new Error(publication.triggers.map(({ errorMessage }) => errorMessage).join('\n'));
		}
	}

	/** Takes the workflow out of service as the editor does. */
	async unpublish(workflowId: string): Promise<void> {
		await this.request('POST', `/rest/workflows/${workflowId}/deactivate`, {});
		await this.waitForPublication(workflowId);
	}

	/** Saves the workflow with these nodes as the editor does. In n8n 2.x, this publishes nothing. */
	async saveNodes(workflowId: string, nodes: object[], connections?: object): Promise<void> {
		const path = `/rest/workflows/${workflowId}`;
		const saved = await this.get<{ connections: object; versionId: string }>(path);
		const { versionId } = saved;
		const wires = connections ?? saved.connections;
		await this.request('PATCH', path, { nodes, connections: wires, versionId });
	}

	/** Replaces the workflow and its static data, through n8n's public API. */
	async putWorkflow(workflowId: string, workflow: object): Promise<void> {
		const { rawApiKey } = await this.request<{ rawApiKey: string }>('POST', '/rest/api-keys', {
			label: workflowId,
			expiresAt: null,
			scopes: ['workflow:update', 'workflow:activate'],
		});
		const response = await fetch(`${this.url}/api/v1/workflows/${workflowId}`, {
			method: 'PUT',
			headers: { 'x-n8n-api-key': rawApiKey, 'content-type': 'application/json' },
			body: JSON.stringify(workflow),
		});
		if (!response.ok) throw new Error(`PUT: ${response.status} ${await response.text()}`);
	}

	/** Saves a credential with this data. */
	async changeCredential(id: string, data: object): Promise<void> {
		const { name, type } = await this.get<{ name: string; type: string }>(
			`/rest/credentials/${id}`,
		);
		await this.request('PATCH', `/rest/credentials/${id}`, { name, type, data });
	}

	/** The static data of a workflow: what its nodes have stored */
	async getStaticData(workflowId: string): Promise<unknown> {
		return (await this.get<{ staticData: unknown }>(`/rest/workflows/${workflowId}`)).staticData;
	}

	/** Installs a community package as Settings > Community nodes does. */
	async installPackage(name: string, version: string): Promise<void> {
		await this.request('POST', '/rest/community-packages', { name, version });
	}

	/** Updates a community package that n8n has installed. */
	async updatePackage(name: string, version: string): Promise<void> {
		await this.request('PATCH', '/rest/community-packages', { name, version });
	}

	/** Gives what the editor shows when a credential is saved with this data. */
	async testCredential(id: string, data: object): Promise<{ status: string; message: string }> {
		const { name, type } = await this.get<{ name: string; type: string }>(
			`/rest/credentials/${id}`,
		);
		const credentials = { id, name, type, data };
		return await this.request('POST', '/rest/credentials/test', { credentials });
	}

	/** Gives what the editor shows in the list of a resource locator. */
	async search(request: object): Promise<Array<{ name: string; value: unknown }>> {
		const { results } = await this.request<{ results: Array<{ name: string; value: unknown }> }>(
			'POST',
			'/rest/dynamic-node-parameters/resource-locator-results',
			request,
		);
		return results;
	}

	/** Connects an OAuth2 credential with the code that the service gave. Returns the URL of its sign-in page. */
	async connectOAuth2(credentialId: string, code: string): Promise<URL> {
		const path = '/rest/oauth2-credential';
		const signIn = new URL(await this.get<string>(`${path}/auth?id=${credentialId}`));
		const query = new URLSearchParams({ code, state: signIn.searchParams.get('state') ?? '' });
		const response = await fetch(`${this.url}${path}/callback?${query}`, {
			headers: { cookie: this.cookie },
		});
		// Only the page's text tells success from failure: both have status 200.
		const page = await response.text();
		if (!page.includes("postMessage('success')")) throw new Error(`n8n did not connect: ${page}`);
		return signIn;
	}

	private async startFrom(workflowId: string, triggerName: string): Promise<void> {
		const path = `/rest/workflows/${workflowId}`;
		// n8n 1.x runs the workflow that it is sent, 2.x the one that it has saved.
		const workflowData = await this.get<object>(path);
		const triggerToStartFrom = { name: triggerName };
		await this.request('POST', `${path}/run`, { workflowData, triggerToStartFrom });
	}

	/**
	 * Waits until n8n has published or unpublished the workflow in the background. Gives nothing if n8n does it
	 * at once.
	 */
	private async waitForPublication(workflowId: string): Promise<Publication | undefined> {
		const settings = await this.get<Settings>('/rest/settings');
		if (!settings.useWorkflowPublicationService) return undefined;
		return await until(async () => {
			const path = `/rest/workflows/${workflowId}/publication-status`;
			const publication = await this.get<Publication>(path);
			return publication.status === 'in_progress' ? undefined : publication;
		}, `publication of workflow ${workflowId}`);
	}

	private async get<T>(path: string): Promise<T> {
		return await this.request<T>('GET', path);
	}

	private async request<T>(method: string, path: string, body?: object): Promise<T> {
		const response = await fetch(this.url + path, {
			method,
			headers: { cookie: this.cookie, 'content-type': 'application/json' },
			body: body && JSON.stringify(body),
		});
		const text = await response.text();
		if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
		return (JSON.parse(text) as { data: T }).data;
	}
}
