import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where what is too large for the checkout is kept between runs. */
export const CACHE_FOLDER =
	process.env.KOMMO_PIPELINE_CACHE ??
	join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'n8n-nodes-kommo-pipeline');

/**
 * The cache's folder of that name, filled on first use. Another run never sees it half filled:
 * it appears under its name once it is complete.
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
