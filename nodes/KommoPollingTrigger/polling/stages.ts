import type { KommoApi } from '../../shared/api/client';
import type { RetryLimits } from '../../shared/api/deadline';
import { isRefused, PAGE_SIZE, readAll } from '../../shared/api/pages';
import type { KommoEvent } from '../../shared/events/event';
import type { Json, JsonMap } from '../../shared/events/json';
import { isOfPipeline } from '../events';

/**
 * Adds the stage that the lead has now to the events of leads that the list gives without one, as the digital
 * pipeline sends them. A lead that cannot be read any more leaves its events without.
 *
 * @throws KommoApiError when the leads may be read at another time
 */
export async function addStages(
	events: readonly KommoEvent[],
	api: KommoApi,
	limits: RetryLimits,
): Promise<KommoEvent[]> {
	const ids = new Set(events.filter(lacksStage).map(({ id }) => id));
	const leads = await readLeads([...ids], api, limits);
	return events.map((event) => {
		const lead = lacksStage(event) ? leads.get(event.id) : undefined;
		if (!lead) return event;
		const { event: code, entity, id, ...rest } = event;
		const { status_id = null, pipeline_id = null } = lead;
		return { event: code, entity, id: id!, status_id, pipeline_id, ...rest };
	});
}

function lacksStage(event: KommoEvent): boolean {
	return event.entity === 'leads' && event.status_id === undefined && isOfPipeline(event);
}

async function readLeads(
	ids: Array<Json | undefined>,
	api: KommoApi,
	limits: RetryLimits,
): Promise<Map<Json | undefined, JsonMap>> {
	const leads = new Map<Json | undefined, JsonMap>();
	for (let start = 0; start < ids.length; start += PAGE_SIZE) {
		const some = ids.slice(start, start + PAGE_SIZE);
		const query = some.map((id) => ['filter[id][]', String(id)] as [string, string]);
		const list = { path: 'leads', key: 'leads', query, max: PAGE_SIZE };
		const found = await readAll(api, list, limits).catch(noneIfForbidden);
		for (const lead of found) leads.set(lead.id, lead);
	}
	return leads;
}

function noneIfForbidden(error: unknown): never[] {
	if (isRefused(error, [403, 404])) return [];
	throw error;
}
