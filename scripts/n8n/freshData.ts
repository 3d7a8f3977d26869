import { cp } from 'node:fs/promises';
import { join } from 'node:path';

import { cached } from './cache';
import { N8n } from './n8n';
import type { Runtime } from './runtime';

/**
 * Copies what n8n has after its first start into an empty folder: its tables, its key and the owner's account.
 * That start takes half a minute, so it happens once and stays in the cache.
 */
export async function copyFreshData(runtime: Runtime, folder: string): Promise<void> {
	const fresh = await cached(`data-${runtime.version.number}`, async (empty) => {
		const n8n = await N8n.prepare(runtime, empty);
		try {
			await n8n.start();
		} finally {
			await n8n.stop();
		}
	});
	await cp(join(fresh, '.n8n'), join(folder, '.n8n'), { recursive: true });
}
