import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { N8n } from '../../scripts/n8n/n8n';
import type { N8nProcess } from '../../scripts/n8n/n8nProcess';
import { findFreePort } from '../../scripts/n8n/port';
import { RestClient } from '../../scripts/n8n/restClient';
import { ensureRuntime } from '../../scripts/n8n/runtime';
import { packTarball } from '../../scripts/project/tarball';
import { KommoStandIn } from '../../scripts/kommo/standIn/kommoStandIn';
import { ADMINISTRATOR } from '../support/accountWorkflow';
import type { Hooked } from '../support/instance';
import { PUBLIC_ADDRESS, PUBLIC_ENV } from '../support/withKommo';
import { COMMANDS, readEnvironment, readProxyConfiguration, type ContainerName } from './compose';
import { startPostgres } from './postgres';
import { Service } from './service';

type ServiceName = 'postgres' | 'redis' | 'proxy';

const NAMES = Object.keys(COMMANDS) as ContainerName[];

/** n8n in queue mode as in `examples/queue-mode`, with processes in place of containers. */
export class Cluster {
	readonly processes = {} as Record<ContainerName, N8nProcess>;

	private readonly services = {} as Record<ServiceName, Service>;

	rest!: RestClient;

	private constructor(
		private readonly folder: string,
		/** The Kommo that it asks, and whose events reach it */
		readonly kommo: KommoStandIn,
		private readonly n8n: N8n,
		private readonly ports: Record<ContainerName | ServiceName | 'proxyCommands', number>,
	) {}

	/**
	 * @param workflows published
	 * @param otherHosts see `KommoStandIn.start`
	 */
	static async start(
		workflows: Hooked[],
		otherHosts?: Parameters<typeof KommoStandIn.start>[1],
	): Promise<Cluster> {
		const folder = await mkdtemp(join(tmpdir(), 'kommo-pipeline-queue-'));
		// PostgreSQL runs as another user, who must reach its folder.
		await chmod(folder, 0o755);
		const ports = await findPorts([...NAMES, 'proxy', 'proxyCommands', 'postgres', 'redis']);
		const kommo = await KommoStandIn.start(folder, otherHosts);
		const env = readEnvironment({
			...PUBLIC_ENV,
			N8N_ENCRYPTION_KEY: 'key-of-the-queue-tests',
			DB_POSTGRESDB_HOST: '127.0.0.1',
			DB_POSTGRESDB_PORT: String(ports.postgres),
			QUEUE_BULL_REDIS_HOST: '127.0.0.1',
			QUEUE_BULL_REDIS_PORT: String(ports.redis),
			...kommo.env,
		});
		const n8n = await N8n.prepare(await ensureRuntime(), folder, { port: ports.main, env });
		const cluster = new Cluster(folder, kommo, n8n, ports);
		kommo.deliveries.origins[PUBLIC_ADDRESS] = cluster.url;
		try {
			await cluster.startServices(env);
			await cluster.startN8n(workflows);
		} catch (error) {
			await cluster.stop();
			throw error;
		}
		return cluster;
	}

	/** Where the public address leads: to the proxy */
	get url(): string {
		return `http://127.0.0.1:${this.ports.proxy}`;
	}

	private async launch(name: ContainerName): Promise<void> {
		this.processes[name] = await this.n8n.launch(COMMANDS[name], this.ports[name]);
	}

	async stop(): Promise<void> {
		await this.n8n.stop();
		for (const service of Object.values(this.services).reverse()) await service.stop();
		await this.kommo.stop();
		await rm(this.folder, { recursive: true, force: true });
	}

	private async startRedis(): Promise<void> {
		const port = this.ports.redis;
		this.services.redis = await Service.start(
			'redis-server',
			['--bind', '127.0.0.1', '--port', String(port), '--appendonly', 'yes'],
			{ cwd: this.folder, port },
		);
	}

	private async startServices(env: NodeJS.ProcessEnv): Promise<void> {
		const { folder: cwd, ports } = this;
		const database = { user: env.DB_POSTGRESDB_USER!, database: env.DB_POSTGRESDB_DATABASE! };
		this.services.postgres = await startPostgres(cwd, { port: ports.postgres, ...database });

		await this.startRedis();

		const configuration = join(cwd, 'haproxy.cfg');
		await writeFile(configuration, readProxyConfiguration(ports));
		const haproxy = ['-db', '-f', configuration];
		this.services.proxy = await Service.start('haproxy', haproxy, { cwd, port: ports.proxy });
	}

	private async startN8n(hooked: Hooked[]): Promise<void> {
		const workflows = hooked.map(({ workflow }) => workflow);
		await this.n8n.installPackage(await packTarball(this.folder));
		await this.n8n.importCredentials([ADMINISTRATOR]);
		await this.n8n.importWorkflows(workflows);
		await this.n8n.publishWorkflows(workflows);
		for (const name of NAMES) await this.launch(name);
		this.rest = await RestClient.signIn(this.processes.main.url);
		for (const { webhookPath } of hooked) {
			await this.processes['webhook-1'].waitForWebhook(webhookPath);
			await this.processes['webhook-2'].waitForWebhook(webhookPath);
		}
	}
}

async function findPorts<Name extends string>(names: Name[]): Promise<Record<Name, number>> {
	const ports: Array<[Name, number]> = [];
	for (const name of names) ports.push([name, await findFreePort()]);
	return Object.fromEntries(ports) as Record<Name, number>;
}
