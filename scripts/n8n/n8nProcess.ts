import { spawn, type ChildProcess } from 'node:child_process';

import type { Runtime } from './runtime';

const START_TIMEOUT = 120_000;

/** The commands of n8n that run until they are stopped: the main process and those of queue mode. */
export type ServerCommand = 'start' | 'webhook' | 'worker';

interface Options {
	folder: string;
	env: NodeJS.ProcessEnv;
	/** Where it answers; a worker answers health checks only */
	url: string;
}

/** One running process of a real n8n. */
export class N8nProcess {
	/** Everything that it has printed */
	log = '';

	private readonly child: ChildProcess;

	private readonly closed: Promise<unknown>;

	readonly url: string;

	constructor(runtime: Runtime, command: ServerCommand, { folder, env, url }: Options) {
		this.url = url;
		this.child = spawn(runtime.node, [runtime.n8n, command], {
			cwd: folder,
			env,
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		this.closed = new Promise((resolve) => this.child.once('close', resolve));
		this.child.stdout?.on('data', (chunk) => (this.log += chunk));
		this.child.stderr?.on('data', (chunk) => (this.log += chunk));
	}

	get pid(): number {
		return this.child.pid!;
	}

	async waitUntilReady(): Promise<void> {
		await this.waitFor('n8n', async () => (await fetch(`${this.url}/healthz/readiness`)).ok);
	}

	/** Waits until its REST interface answers. In n8n 1.x that is some seconds after it says that it is ready. */
	async waitForRest(): Promise<void> {
		await this.waitFor('REST interface', async () => {
			const { headers } = await fetch(`${this.url}/rest/settings`);
			return headers.get('content-type')?.startsWith('application/json') ?? false;
		});
	}

	/** Waits until it listens for a production webhook. From then on its answer to a GET names POST. */
	async waitForWebhook(path: string): Promise<void> {
		await this.waitFor(`webhook ${path}`, async () =>
			(await (await fetch(`${this.url}/webhook/${path}`)).text()).includes('POST'),
		);
	}

	/** Ends it as an operator would, or with `SIGKILL` as a power cut does. */
	async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
		this.child.kill(signal);
		await this.closed;
	}

	private get hasEnded(): boolean {
		return this.child.exitCode !== null || this.child.signalCode !== null;
	}

	private async waitFor(what: string, isReady: () => Promise<boolean>): Promise<void> {
		const deadline = Date.now() + START_TIMEOUT;
		while (Date.now() < deadline && !this.hasEnded) {
			if (await isReady().catch(() => false)) return;
			await new Promise((resolve) => setTimeout(resolve, 200));
		}
		throw new Error(`The ${what} did not get ready. n8n printed:\n${this.log}`);
	}
}
