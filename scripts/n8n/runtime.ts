import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

import { cached } from './cache';
import { run } from '../project/command';
import { chooseVersion, type N8nVersion } from './versions';

/**
 * n8n 2.41 needs this version, and 1.123 runs on it. The npm package `node` installs it, whichever Node runs
 * this script.
 */
const NODE_VERSION = '24';

/** How often npm tries to install n8n, at most */
const ATTEMPTS = 3;

/** The paths of an installed n8n and of the Node that runs it */
export interface Runtime {
	version: N8nVersion;
	node: string;
	n8n: string;
}

/** Installs n8n into the cache on first use (some minutes, 2.7 GB), and shows the progress. */
export async function ensureRuntime(): Promise<Runtime> {
	const version = chooseVersion();
	const folder = await cached(`n8n-${version.number}`, async (empty) => {
		await install(version, empty);
	});
	return { version, ...locate(folder) };
}

function locate(folder: string): Pick<Runtime, 'node' | 'n8n'> {
	return {
		node: join(folder, 'node_modules', 'node', 'bin', 'node'),
		n8n: join(folder, 'node_modules', 'n8n', 'bin', 'n8n'),
	};
}

async function install(version: N8nVersion, folder: string): Promise<void> {
	const modules = join(folder, 'node_modules');
	const env = {
		...process.env,
		PATH: [join(modules, '.bin'), process.env.PATH].join(delimiter),
	};
	let fetched = 0;
	const npm = (...args: string[]) =>
		run('npm', args, {
			cwd: folder,
			env,
			onPrint: (text) => (fetched += text.split('http fetch').length - 1),
		});

	await writeFile(
		join(folder, 'package.json'),
		JSON.stringify({
			private: true,
			dependencies: { n8n: version.number, node: NODE_VERSION },
			overrides: version.overrides,
			// Without this, npm 12 does not run the two install scripts below.
			allowScripts: { node: true, sqlite3: true },
		}),
	);
	// The install scripts of n8n's dependencies fetch programs from elsewhere. n8n needs only the two below.
	const flags = ['--ignore-scripts', '--omit=optional', '--no-audit', '--loglevel=http'];
	console.log(
		`This happens once, and takes 5 to 10 minutes: n8n ${version.number} and Node ${NODE_VERSION}, 2.7 GB, into ${folder}`,
	);
	await withProgress(
		`Installing n8n ${version.number}, about 1,800 downloads`,
		() => tryWhileRegistryLags((...more) => npm('install', ...flags, ...more)),
		() => `${fetched} downloads`,
	);
	const rebuild = (name: string) => npm('rebuild', name, '--ignore-scripts=false');
	await withProgress(`Fetching Node ${NODE_VERSION}`, () => rebuild('node'));
	await withProgress('Building sqlite3', () => rebuild('sqlite3'));

	const { node, n8n } = locate(folder);
	await run(node, [n8n, '--version'], { cwd: folder });
}

/**
 * Installs, and tries again if the registry does not list a needed version yet (ETARGET). Any other failure
 * is final.
 *
 * @param install is called with additional flags for npm
 */
export async function tryWhileRegistryLags(
	install: (...flags: string[]) => Promise<unknown>,
): Promise<void> {
	for (let attempt = 1; ; attempt++) {
		try {
			await install(...(attempt > 1 ? ['--prefer-online'] : []));
			return;
		} catch (error) {
			if (attempt === ATTEMPTS || !String(error).includes('ETARGET')) throw error;
			console.log('  The registry lacks a version that n8n needs (ETARGET). Trying again ...');
		}
	}
}

async function withProgress(
	title: string,
	work: () => Promise<unknown>,
	describe: () => string = () => '',
): Promise<void> {
	const started = Date.now();
	console.log(`${title} ...`);
	const timer = setInterval(() => {
		console.log(`  ${Math.round((Date.now() - started) / 1000)} s ${describe()}`);
	}, 15_000);
	try {
		await work();
	} finally {
		clearInterval(timer);
	}
}
