import type { KommoEvent } from '../../shared/events/event';
import { isMap, type Json, type JsonMap } from '../../shared/events/json';
import { nameOf } from '../events';
import type { ListedEvent } from '../list/eventList';

const PLURALS = new Map([
	['lead', 'leads'],
	['contact', 'contacts'],
	['company', 'companies'],
	['customer', 'customers'],
	['task', 'tasks'],
]);

/**
 * Turns a listed event into an event of the trigger. It looks as the digital pipeline sends it, if the
 * pipeline has this event, and has the list's other fields too.
 *
 * @param subdomain the account's subdomain
 */
export function toKommoEvent(listed: ListedEvent, subdomain: string): KommoEvent {
	const { id, type, entity_type, entity_id, created_at, created_by, account_id } = listed;
	const { value_before = [], value_after = [] } = listed;
	return {
		event: nameOf(type),
		entity: nameEntity(entity_type),
		id: entity_id ?? null,
		...(type === 'lead_status_changed' && readStages(value_before, value_after)),
		event_id: id,
		created_at,
		created_by: created_by ?? null,
		value_before,
		value_after,
		account: { id: account_id ?? null, subdomain },
	};
}

/** The entity as webhooks name it; an empty text if the event has none */
function nameEntity(type: Json | undefined): string {
	return typeof type === 'string' ? (PLURALS.get(type) ?? type) : '';
}

function readStages(before: Json, after: Json): JsonMap {
	const [old, current] = [readStage(before), readStage(after)];
	return {
		...(current && { status_id: current.id ?? null, pipeline_id: current.pipeline_id ?? null }),
		...(old && { old_status_id: old.id ?? null, old_pipeline_id: old.pipeline_id ?? null }),
	};
}

/** Reads `[{lead_status: {id, pipeline_id}}]` */
function readStage(value: Json): JsonMap | undefined {
	const [first] = Array.isArray(value) ? value : [];
	return isMap(first) && isMap(first.lead_status) ? first.lead_status : undefined;
}
