import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { cached } from './n8n/cache';
import { run } from './project/command';
import { PROJECT_FOLDER } from './project/folder';
import { packTarball } from './project/tarball';

const SCANNER_VERSION = '0.32.0';

/** The part of `@n8n/scan-community-package` that lints a folder. The rest of it sends requests to registries. */
interface Scanner {
	SOURCE_FILE_PATTERNS: string[];
	analyzePackage(
		folder: string,
		patterns?: string[],
	): Promise<{ passed: boolean; message?: string; details?: string }>;
}

/** Runs n8n's check for community packages on the published files and on the source. */
async function main(): Promise<void> {
	const scanner = await loadScanner();
	const folder = await mkdtemp(join(tmpdir(), 'kommo-pipeline-scan-'));
	try {
		const tarball = await packTarball(folder);
		await run('tar', ['-xzf', tarball], { cwd: folder });
		const results = {
			tarball: await scanner.analyzePackage(join(folder, 'package')),
			source: await scanner.analyzePackage(PROJECT_FOLDER, scanner.SOURCE_FILE_PATTERNS),
		};
		for (const [what, { passed, message, details }] of Object.entries(results)) {
			console.log(
				`n8n's scan of the ${what}: ${passed ? 'passed' : `${message}\n${details ?? ''}`}`,
			);
			if (!passed) process.exitCode = 1;
		}
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** Loads the scanner from outside the project, because its dependencies collide with those of the linter. */
async function loadScanner(): Promise<Scanner> {
	const folder = await cached(`scan-${SCANNER_VERSION}`, async (empty) => {
		console.log("Installing n8n's package scan ...");
		const dependencies = { '@n8n/scan-community-package': SCANNER_VERSION };
		await writeFile(join(empty, 'package.json'), JSON.stringify({ private: true, dependencies }));
		await run('npm', ['install', '--ignore-scripts', '--no-audit'], { cwd: empty });
	});
	const scanner = join(
		folder,
		'node_modules',
		'@n8n',
		'scan-community-package',
		'scanner',
		'scanner.mjs',
	);
	return (await import(pathToFileURL(scanner).href)) as Scanner;
}

void main();
