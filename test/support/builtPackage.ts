import { PackageDirectoryLoader } from 'n8n-core';

import { PROJECT_FOLDER } from '../../scripts/project/folder';

let loaded: PackageDirectoryLoader | undefined;

/** Loads the built package the way n8n does, before any of its nodes is used. */
export async function loadPackage(): Promise<void> {
	loaded = new PackageDirectoryLoader(PROJECT_FOLDER);
	await loaded.loadAll();
}

export function builtPackage(): PackageDirectoryLoader {
	if (!loaded) throw new Error('loadPackage() comes before this');
	return loaded;
}
