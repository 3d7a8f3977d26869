import { randomInt } from 'node:crypto';

import getPort from 'get-port';

const TRIES = 20;

/**
 * Finds a free port of this machine, a different one on each call. It is below the ports of Linux's outgoing
 * connections, so that none of these takes it in the meantime. It is random, so that tests that run side by
 * side do not find the same one.
 */
export async function findFreePort(): Promise<number> {
	const port = Array.from({ length: TRIES }, () => randomInt(10_000, 32_768));
	return await getPort({ port, reserve: true });
}

/** Whether a server can listen on a port of this machine */
export async function isFree(port: number): Promise<boolean> {
	return (await getPort({ port })) === port;
}
