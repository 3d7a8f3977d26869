import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { bugs, version } from '../package.json';
import { readSection, toReleaseNotes } from './project/changelog';
import { PROJECT_FOLDER } from './project/folder';

/** Prints what CHANGELOG.md says about the version that the tag releases. */
function main(tag?: string): void {
	if (tag !== `v${version}`) {
		throw new Error(
			`package.json has version ${version}: the tag must be v${version}, not ${tag}.`,
		);
	}
	const changelog = readFileSync(join(PROJECT_FOLDER, 'CHANGELOG.md'), 'utf8');
	const files = bugs.url.replace(/\/issues$/, `/blob/${tag}`);
	console.log(toReleaseNotes(readSection(changelog, version), files));
}

try {
	main(process.argv[2]);
} catch (error) {
	console.error((error as Error).message);
	process.exitCode = 1;
}
