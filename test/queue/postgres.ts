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

/** A PostgreSQL with an empty database, in a folder of its own, for this machine's users alone. */
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
		// It waits for no client with this one.
		{ cwd, port, user: account, stopSignal: 'SIGINT' },
	);
	await run(program('createdb'), ['-h', '127.0.0.1', '-p', String(port), '-U', user, database], {
		cwd,
	});
	return service;
}

/** The newest of Debian's versions; they are not on the PATH. */
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
