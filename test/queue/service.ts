import { once } from 'node:events';
import { connect } from 'node:net';

import execa, { type ExecaChildProcess } from 'execa';

import { until } from '../../scripts/n8n/until';

const START_TIMEOUT = 30_000;

export interface ServiceOptions {
	cwd: string;
	/** The service is ready when this port takes connections */
	port: number;
	/** The user that it runs as; by default, the user of this process */
	user?: { uid: number; gid: number };
	stopSignal?: NodeJS.Signals;
}

/** A server from Debian's packages, reachable from this machine only. */
export class Service {
	private log = '';

	private readonly closed: Promise<unknown>;

	private constructor(
		private readonly child: ExecaChildProcess,
		private readonly stopSignal: NodeJS.Signals,
	) {
		this.closed = once(child, 'close');
		child.all!.on('data', (chunk) => (this.log += chunk));
		void child.catch(({ message }: Error) => (this.log += message));
	}

	static async start(
		command: string,
		args: string[],
		{ cwd, port, user, stopSignal = 'SIGTERM' }: ServiceOptions,
	): Promise<Service> {
		const child = execa(command, args, {
			cwd,
			...user,
			all: true,
			buffer: false,
			stdin: 'ignore',
		});
		const service = new Service(child, stopSignal);
		const isOver = async () =>
			(await accepts(port)) || (child.exitCode === null ? undefined : false);
		const isUp = await until(isOver, command, START_TIMEOUT).catch(() => false);
		if (!isUp) {
			throw new Error(`${command} ${args.join(' ')} did not start. It printed:\n${service.log}`);
		}
		return service;
	}

	async stop(signal = this.stopSignal): Promise<void> {
		this.child.kill(signal, { forceKillAfterTimeout: false });
		await this.closed;
	}
}

async function accepts(port: number): Promise<boolean> {
	return await new Promise((resolve) => {
		const socket = connect(port, '127.0.0.1');
		socket.once('connect', () => {
			socket.destroy();
			resolve(true);
		});
		socket.once('error', () => resolve(false));
	});
}
