import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';

import { name as packageName } from '../package.json';
import { run } from './command';
import { RestClient } from './rest-client';
import type { Runtime } from './runtime';

const START_TIMEOUT = 120_000;

/** A real n8n with a user folder of its own, reachable from this machine only. */
export class N8n {
	private process?: ChildProcess;

	/** Everything that n8n has printed since it was started */
	log = '';

	private constructor(
		private readonly runtime: Runtime,
		private readonly folder: string,
		private readonly port: number,
		private readonly brokerPort: number,
		private readonly extraEnv: NodeJS.ProcessEnv,
	) {}

	/**
	 * @param folder an empty folder for n8n's data
	 * @param options.port any free one when absent
	 * @param options.env what n8n gets beyond its usual environment
	 */
	static async prepare(
		runtime: Runtime,
		folder: string,
		{ port, env = {} }: { port?: number; env?: NodeJS.ProcessEnv } = {},
	): Promise<N8n> {
		return new N8n(runtime, folder, port ?? (await findFreePort()), await findFreePort(), env);
	}

	get url(): string {
		return `http://127.0.0.1:${this.port}`;
	}

	/** Installs a tarball into `~/.n8n/nodes` with the steps of n8n's installer of community nodes. */
	async installPackage(tarball: string): Promise<void> {
		const folder = join(this.folder, '.n8n', 'nodes', 'node_modules', packageName);
		await mkdir(folder, { recursive: true });
		await run('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1'], { cwd: folder });

		const manifest = join(folder, 'package.json');
		const { devDependencies, peerDependencies, ...kept } = JSON.parse(
			await readFile(manifest, 'utf8'),
		) as Record<string, unknown>;
		void [devDependencies, peerDependencies];
		await writeFile(manifest, JSON.stringify(kept));
		await run(
			'npm',
			['install', '--ignore-scripts', '--install-strategy=shallow', '--package-lock=false'],
			{ cwd: folder },
		);
	}

	/** Runs a command of n8n's CLI on this instance while it is stopped. */
	async cli(...args: string[]): Promise<string> {
		return await run(this.runtime.node, [this.runtime.n8n, ...args], {
			cwd: this.folder,
			env: this.env(),
		});
	}

	async importWorkflows(workflows: Array<{ id: string }>): Promise<void> {
		await this.import('workflow', workflows);
	}

	/** Publishes imported workflows: they are active at the next start. */
	async publishWorkflows(workflows: Array<{ id: string }>): Promise<void> {
		for (const { id } of workflows) await this.cli('publish:workflow', `--id=${id}`);
	}

	async importCredentials(credentials: unknown[]): Promise<void> {
		await this.import('credentials', credentials);
	}

	/** Starts n8n and waits until it is ready and the owner's account is made. */
	async start(): Promise<RestClient> {
		this.process = spawn(this.runtime.node, [this.runtime.n8n, 'start'], {
			cwd: this.folder,
			env: this.env(),
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		this.process.stdout?.on('data', (chunk) => (this.log += chunk));
		this.process.stderr?.on('data', (chunk) => (this.log += chunk));
		await this.waitFor('n8n', async () => (await fetch(`${this.url}/healthz/readiness`)).ok);
		return await RestClient.signUp(this.url);
	}

	/** Waits until n8n listens for a production webhook: it then names the method when asked with another. */
	async waitForWebhook(path: string): Promise<void> {
		await this.waitFor(`webhook ${path}`, async () =>
			(await (await fetch(`${this.url}/webhook/${path}`)).text()).includes('POST'),
		);
	}

	async stop(): Promise<void> {
		const child = this.process;
		if (!child || child.exitCode !== null) return;
		const closed = new Promise((resolve) => child.once('close', resolve));
		child.kill('SIGTERM');
		await closed;
	}

	private async import(kind: 'workflow' | 'credentials', entries: unknown[]): Promise<void> {
		const file = join(this.folder, `${kind}.json`);
		await writeFile(file, JSON.stringify(entries));
		await this.cli(`import:${kind}`, `--input=${file}`);
	}

	private async waitFor(what: string, isReady: () => Promise<boolean>): Promise<void> {
		const deadline = Date.now() + START_TIMEOUT;
		while (Date.now() < deadline) {
			if (this.process?.exitCode != null) break;
			if (await isReady().catch(() => false)) return;
			await new Promise((resolve) => setTimeout(resolve, 200));
		}
		throw new Error(`The ${what} did not get ready. n8n printed:\n${this.log}`);
	}

	private env(): NodeJS.ProcessEnv {
		return {
			PATH: process.env.PATH,
			HOME: this.folder,
			N8N_USER_FOLDER: this.folder,
			N8N_LISTEN_ADDRESS: '127.0.0.1',
			N8N_PORT: String(this.port),
			N8N_RUNNERS_BROKER_PORT: String(this.brokerPort),
			N8N_SECURE_COOKIE: 'false',
			N8N_DIAGNOSTICS_ENABLED: 'false',
			N8N_PERSONALIZATION_ENABLED: 'false',
			N8N_TEMPLATES_ENABLED: 'false',
			N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
			...this.extraEnv,
		};
	}
}

async function findFreePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return port;
}
