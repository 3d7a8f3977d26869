import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Memory } from '../../nodes/KommoPollingTrigger/polling/memory';
import type { Workflow } from '../../scripts/n8n/example';
import { ensureFreshData } from '../../scripts/n8n/freshData';
import { ensureRuntime } from '../../scripts/n8n/runtime';
import type { Recorded } from '../support/executions';
import type { Events } from '../../scripts/kommo/standIn/events';

const NIGHT = 10 * 60 * 60;

/** The memory of a trigger whose last poll was before a night without n8n. Its `time` is the start of the night. */
export function rememberEvening(): Memory {
	const evening = Math.floor(Date.now() / 1000) - NIGHT;
	return {
		node: 'trigger',
		instance: '',
		poll: 1,
		since: { lead_status_changed: evening },
		time: evening,
		given: {},
	};
}

/** Makes the workflows' memories those of the tests' n8n: its id is made of half of its key. */
export async function takeOver(workflows: Workflow[]): Promise<void> {
	const folder = await ensureFreshData(await ensureRuntime());
	const config = await readFile(join(folder, '.n8n', 'config'), 'utf8');
	const { encryptionKey } = JSON.parse(config) as { encryptionKey: string };
	const half = encryptionKey.slice(Math.round(encryptionKey.length / 2));
	const instance = createHash('sha256').update(half).digest('hex');
	for (const { staticData = {} } of workflows as Array<{ staticData?: Record<string, Memory> }>) {
		for (const memory of Object.values(staticData)) memory.instance = instance;
	}
}

/** Lets stage changes happen during that night, at a steady rate. Gives their leads, in the order of time. */
export function happenAtNight(events: Events, leads: number[], { since }: Memory): number[] {
	const evening = since.lead_status_changed!;
	for (const [number, entity_id] of leads.entries()) {
		const created_at = evening + Math.floor((number * (NIGHT - 5 * 60)) / leads.length);
		events.happen({ entity_id, created_at });
	}
	return leads;
}

/** Compares what has happened with what a workflow got, lead by lead. */
export function compare(leads: readonly number[], executions: readonly Recorded[]) {
	const given = executions.flatMap((execution) => execution.leads);
	const known = new Set(given);
	return {
		happened: leads.length,
		given: given.length,
		missing: leads.filter((lead) => !known.has(lead)).length,
		doubled: given.length - known.size,
	};
}
