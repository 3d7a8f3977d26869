import { once } from 'node:events';

import execa, { type ExecaChildProcess } from 'execa';

import type { Runtime } from './runtime';
import { until } from './until';

const START_TIMEOUT = 240_000;

/** The commands of n8n that run until somebody stops them: the main process, and those of queue mode. */
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

	private readonly child: ExecaChildProcess;

	private readonly closed: Promise<unknown>;

	readonly url: string;

	constructor(runtime: Runtime, command: ServerCommand, { folder, env, url }: Options) {
		this.url = url;
		// When this process ends, execa ends n8n too.
		this.child = execa(runtime.node, [runtime.n8n, command], {
			cwd: folder,
			env,
			extendEnv: false,
			all: true,
			buffer: false,
			reject: false,
			stdin: 'ignore',
		});
		this.closed = once(this.child, 'close');
		this.child.all!.on('data', (chunk) => (this.log += chunk));
	}

	get pid(): number {
		return this.child.pid!;
	}

	async waitUntilReady(): Promise<void> {
		await this.waitFor('n8n', async () => (await fetch(`${this.url}/healthz/readiness`)).ok);
	}

	/**
	 * Waits until its REST interface answers. In n8n 1.x, this is some seconds after the readiness check
	 * succeeds.
	 */
	async waitForRest(): Promise<void> {
		await this.waitFor('REST interface', async () => {
			const { headers } = await fetch(`${this.url}/rest/settings`);
			return headers.get('content-type')?.startsWith('application/json') ?? false;
		});
	}

	/** Waits until it listens for a production webhook. Its answer to a GET then names POST. */
	async waitForWebhook(path: string): Promise<void> {
		await this.waitFor(`webhook ${path}`, async () =>
			(await (await fetch(`${this.url}/webhook/${path}`)).text()).includes('POST'),
		);
	}

	/** Ends it as an operator would, or with `SIGKILL` as a power cut does. */
	async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
		this.child.kill(signal, { forceKillAfterTimeout: false });
		await this.closed;
	}

	private get hasEnded(): boolean {
		return this.child.exitCode !== null || this.child.signalCode !== null;
	}

	private async waitFor(what: string, isReady: () => Promise<boolean>): Promise<void> {
		const isOver = async () =>
			(await isReady().catch(() => false)) || (this.hasEnded ? false : undefined);
		const ready = await until(isOver, what, START_TIMEOUT).catch(() => false);
		if (!ready) throw new Error(`The ${what} did not get ready. n8n printed:\n${this.log}`);
	}
}
