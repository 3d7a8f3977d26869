import { chown, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { run } from '../../scripts/project/command';
import { Service } from './service';

const VERSIONS = '/usr/lib/postgresql';

interface Database {
	port: number;
	user: string;
	database: string;
}

/** Starts PostgreSQL with an empty database, in a folder of its own, reachable from this machine only. */
export async function startPostgres(
	parent: string,
	{ port, user, database }: Database,
): Promise<Service> {
	const account = await findAccount();
	const cwd = join(parent, 'postgres');
	await mkdir(cwd);
	if (account) await chown(cwd, account.uid, account.gid);

	const program = await findPrograms();
	const data = join(cwd, 'data');
	await run(program('initdb'), ['-D', data, '-U', user, '-A', 'trust', '-E', 'UTF8'], {
		cwd,
		...account,
	});
	const service = await Service.start(
		program('postgres'),
		['-D', data, '-p', String(port), '-k', cwd, '-c', 'listen_addresses=127.0.0.1'],
		// With this signal it does not wait for its clients.
		{ cwd, port, user: account, stopSignal: 'SIGINT' },
	);
	await run(program('createdb'), ['-h', '127.0.0.1', '-p', String(port), '-U', user, database], {
		cwd,
	});
	return service;
}

/** Finds the programs of the newest version that Debian installed; they are not on the PATH. */
async function findPrograms(): Promise<(name: string) => string> {
	const versions = await readdir(VERSIONS).catch(() => []);
	const newest = versions.sort((a, b) => Number(b) - Number(a))[0];
	if (!newest) throw new Error(`Found no PostgreSQL in ${VERSIONS}: apt-get install postgresql`);
	return (name) => join(VERSIONS, newest, 'bin', name);
}

/** PostgreSQL refuses to run as root. */
async function findAccount(): Promise<{ uid: number; gid: number } | undefined> {
	if (process.getuid?.() !== 0) return undefined;
	const idOf = async (flag: string) =>
		Number(await run('id', [flag, 'postgres'], { cwd: process.cwd() }));
	return { uid: await idOf('-u'), gid: await idOf('-g') };
}
