import { spawn, type ChildProcess } from 'node:child_process';
import { connect } from 'node:net';

const START_TIMEOUT = 30_000;

export interface ServiceOptions {
	cwd: string;
	/** It is up when this port takes connections */
	port: number;
	/** The user that it runs as; the user of this process when absent */
	user?: { uid: number; gid: number };
	stopSignal?: NodeJS.Signals;
}

/** A server from Debian's packages, reachable from this machine only. */
export class Service {
	private log = '';

	private readonly closed: Promise<unknown>;

	private constructor(
		private readonly child: ChildProcess,
		private readonly stopSignal: NodeJS.Signals,
	) {
		this.closed = new Promise((resolve) => child.once('close', resolve));
		child.stdout?.on('data', (chunk) => (this.log += chunk));
		child.stderr?.on('data', (chunk) => (this.log += chunk));
		child.once('error', ({ message }) => (this.log += message));
	}

	static async start(
		command: string,
		args: string[],
		{ cwd, port, user, stopSignal = 'SIGTERM' }: ServiceOptions,
	): Promise<Service> {
		const child = spawn(command, args, { cwd, ...user, stdio: ['ignore', 'pipe', 'pipe'] });
		const service = new Service(child, stopSignal);
		const deadline = Date.now() + START_TIMEOUT;
		while (!(await accepts(port))) {
			if (child.exitCode !== null || Date.now() > deadline) {
				throw new Error(`${command} ${args.join(' ')} did not start. It printed:\n${service.log}`);
			}
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
		return service;
	}

	get pid(): number {
		return this.child.pid!;
	}

	async stop(signal = this.stopSignal): Promise<void> {
		this.child.kill(signal);
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
