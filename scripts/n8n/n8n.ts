import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { name as packageName } from '../../package.json';
import { run } from '../project/command';
import { N8nProcess, type ServerCommand } from './n8nProcess';
import { findFreePort } from './port';
import { RestClient } from './restClient';
import type { Runtime } from './runtime';

/** A real n8n with a user folder of its own, reachable from this machine only. */
export class N8n {
	private main?: N8nProcess;

	private readonly processes = new Set<N8nProcess>();

	private constructor(
		private readonly runtime: Runtime,
		readonly folder: string,
		private readonly port: number,
		private readonly extraEnv: NodeJS.ProcessEnv,
	) {}

	/**
	 * @param folder an empty folder for n8n's data
	 * @param options.port any free one when absent
	 * @param options.env environment variables besides the usual ones
	 */
	static async prepare(
		runtime: Runtime,
		folder: string,
		{ port, env = {} }: { port?: number; env?: NodeJS.ProcessEnv } = {},
	): Promise<N8n> {
		return new N8n(runtime, folder, port ?? (await findFreePort()), env);
	}

	get url(): string {
		return toUrl(this.port);
	}

	/** Everything that n8n has printed since it was started */
	get log(): string {
		return this.main?.log ?? '';
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
			[
				'install',
				'--ignore-scripts',
				'--install-strategy=shallow',
				'--package-lock=false',
				// The package has no dependencies to look for.
				'--offline',
				'--no-audit',
			],
			{ cwd: folder },
		);
	}

	/** Runs a command of n8n's CLI on this instance while it is stopped. */
	async cli(...args: string[]): Promise<string> {
		return await run(this.runtime.node, [this.runtime.n8n, ...args], {
			cwd: this.folder,
			env: this.env,
		});
	}

	async importWorkflows(workflows: Array<{ id: string }>): Promise<void> {
		await this.import('workflow', workflows);
	}

	/** Publishes imported workflows: they are active at the next start. */
	async publishWorkflows(workflows: Array<{ id: string }>): Promise<void> {
		for (const { id } of workflows) await this.cli(...this.runtime.version.publish(id));
	}

	async importCredentials(credentials: unknown[]): Promise<void> {
		await this.import('credentials', credentials);
	}

	/** Starts n8n and waits until it is ready, and signs in as its owner. */
	async start(): Promise<RestClient> {
		this.main = await this.launch('start', this.port);
		await this.main.waitForRest();
		return await RestClient.signIn(this.url);
	}

	/** Starts a process of n8n on this instance's data and waits until it is ready. */
	async launch(command: ServerCommand, port?: number): Promise<N8nProcess> {
		const ownPort = port ?? (await findFreePort());
		const process = new N8nProcess(this.runtime, command, {
			folder: this.folder,
			url: toUrl(ownPort),
			env: {
				...this.env,
				N8N_PORT: String(ownPort),
				N8N_RUNNERS_BROKER_PORT: String(await findFreePort()),
				QUEUE_HEALTH_CHECK_ACTIVE: 'true',
				QUEUE_HEALTH_CHECK_PORT: String(ownPort),
			},
		});
		this.processes.add(process);
		await process.waitUntilReady();
		return process;
	}

	async waitForWebhook(path: string): Promise<void> {
		await this.main?.waitForWebhook(path);
	}

	/** Stops everything that was started. */
	async stop(): Promise<void> {
		await Promise.all([...this.processes].map((process) => process.stop()));
	}

	/** Ends the main process as a power cut does. It can be started again. */
	async kill(): Promise<void> {
		await this.main?.stop('SIGKILL');
	}

	private async import(kind: 'workflow' | 'credentials', entries: unknown[]): Promise<void> {
		if (entries.length === 0) return;
		const file = join(this.folder, `${kind}.json`);
		await writeFile(file, JSON.stringify(entries));
		await this.cli(`import:${kind}`, `--input=${file}`);
	}

	private get env(): NodeJS.ProcessEnv {
		return {
			PATH: process.env.PATH,
			HOME: this.folder,
			N8N_USER_FOLDER: this.folder,
			N8N_LISTEN_ADDRESS: '127.0.0.1',
			N8N_SECURE_COOKIE: 'false',
			N8N_DIAGNOSTICS_ENABLED: 'false',
			N8N_PERSONALIZATION_ENABLED: 'false',
			N8N_TEMPLATES_ENABLED: 'false',
			N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
			...this.extraEnv,
		};
	}
}

function toUrl(port: number): string {
	return `http://127.0.0.1:${port}`;
}
