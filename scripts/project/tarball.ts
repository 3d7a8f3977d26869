import { join } from 'node:path';

import { name, version } from '../../package.json';
import { run } from './command';
import { PROJECT_FOLDER } from './folder';

/** Packs the built package as it would be published, into the folder. Returns the tarball's path. */
export async function packTarball(folder: string): Promise<string> {
	await run('npm', ['pack', '--pack-destination', folder], { cwd: PROJECT_FOLDER });
	return join(folder, `${name}-${version}.tgz`);
}
