import { cp } from 'node:fs/promises';
import { join } from 'node:path';

import { cached } from './cache';
import { N8n } from './n8n';
import type { Runtime } from './runtime';

/**
 * Makes n8n's data as it is after the first start: tables, key and the owner's account. That start takes half
 * a minute, so it happens once. Returns the folder in the cache.
 */
export async function ensureFreshData(runtime: Runtime): Promise<string> {
	return await cached(`data-${runtime.version.number}`, async (empty) => {
		const n8n = await N8n.prepare(runtime, empty);
		try {
			await n8n.start();
		} finally {
			await n8n.stop();
		}
	});
}

/** Copies n8n's fresh data into an empty folder. */
export async function copyFreshData(runtime: Runtime, folder: string): Promise<void> {
	const fresh = await ensureFreshData(runtime);
	await cp(join(fresh, '.n8n'), join(folder, '.n8n'), { recursive: true });
}
