import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

const given = new Set<number>();

/**
 * Finds a port of this machine that nothing listens on, another one on each call. It is below the ports
 * that Linux uses for outgoing connections, so that none of them takes it in the meantime.
 */
export async function findFreePort(): Promise<number> {
	for (;;) {
		const port = randomInt(10_000, 32_768);
		if (given.has(port) || !(await isFree(port))) continue;
		given.add(port);
		return port;
	}
}

/** Whether a server can listen on a port of this machine */
export async function isFree(port: number): Promise<boolean> {
	const server = createServer();
	return await new Promise((resolve) => {
		server.once('error', () => resolve(false));
		server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
	});
}
