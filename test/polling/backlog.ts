import { createHash } from 'node:crypto';

import type { Memory } from '../../nodes/KommoPollingTrigger/polling/memory';
import type { Recorded } from '../support/executions';
import type { Events } from '../../scripts/kommo/standIn/events';

const NIGHT = 10 * 60 * 60;

/** Half of it makes n8n's instance id, to which a memory belongs (n8n 1.123 and 2.41). */
export const ENCRYPTION_KEY = 'key-of-the-polling-tests';

/** The memory of a trigger that polled for the last time before a night without n8n */
export function rememberEvening(): Memory {
	const evening = Math.floor(Date.now() / 1000) - NIGHT;
	const half = ENCRYPTION_KEY.slice(Math.round(ENCRYPTION_KEY.length / 2));
	return {
		node: 'trigger',
		instance: createHash('sha256').update(half).digest('hex'),
		poll: 1,
		since: { lead_status_changed: evening },
		time: evening,
		given: {},
	};
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

/** Compares what has happened with what a workflow was given, lead by lead. */
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
