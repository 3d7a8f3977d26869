import { randomInt } from 'node:crypto';

import getPort from 'get-port';

const TRIES = 20;

/**
 * Finds a port of this machine that nothing listens on, another one on each call. It is below the ports
 * that Linux uses for outgoing connections, so that none of them takes it in the meantime, and any of them, so
 * that tests that run side by side do not find the same one.
 */
export async function findFreePort(): Promise<number> {
	const port = Array.from({ length: TRIES }, () => randomInt(10_000, 32_768));
	return await getPort({ port, reserve: true });
}

/** Whether a server can listen on a port of this machine */
export async function isFree(port: number): Promise<boolean> {
	return (await getPort({ port })) === port;
}
