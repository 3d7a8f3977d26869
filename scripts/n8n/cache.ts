import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** For what is too large for the checkout. It stays between runs. */
const CACHE_FOLDER =
	process.env.KOMMO_PIPELINE_CACHE ??
	join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'n8n-nodes-kommo-pipeline');

/**
 * Returns the cache's folder of that name, and fills it on first use. The folder gets its name when it is
 * complete, so another run never sees it half full.
 */
export async function cached(
	name: string,
	fill: (folder: string) => Promise<void>,
): Promise<string> {
	const folder = join(CACHE_FOLDER, name);
	if (existsSync(folder)) return folder;

	const unfinished = join(CACHE_FOLDER, `.${name}-${randomUUID()}`);
	await mkdir(unfinished, { recursive: true });
	try {
		await fill(unfinished);
		if (!existsSync(folder)) await rename(unfinished, folder);
	} finally {
		await rm(unfinished, { recursive: true, force: true });
	}
	return folder;
}
