import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

const given = new Set<number>();

/**
 * A port of this machine that nothing listens on, another one each time. It is below those that Linux
 * takes for outgoing connections: one of these could have it before it is used.
 */
export async function findFreePort(): Promise<number> {
	for (;;) {
		const port = randomInt(10_000, 32_768);
		if (given.has(port) || !(await isFree(port))) continue;
		given.add(port);
		return port;
	}
}

/** Whether a port of this machine can be listened on */
export async function isFree(port: number): Promise<boolean> {
	const server = createServer();
	return await new Promise((resolve) => {
		server.once('error', () => resolve(false));
		server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
	});
}
