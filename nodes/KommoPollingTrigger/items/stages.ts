import type { KommoApi } from '../../shared/api/client';
import type { RetryLimits } from '../../shared/api/deadline';
import { findEntries } from '../../shared/api/entries';
import { isRefused } from '../../shared/api/pages';
import type { KommoEvent } from '../../shared/events/event';
import { isOfPipeline } from '../events';

const LEADS = { path: 'leads', field: 'id' };

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
	const addStage = async (event: KommoEvent): Promise<KommoEvent> => {
		const { event: code, entity, id, status_id, ...rest } = event;
		const lacksStage = entity === 'leads' && status_id === undefined && isOfPipeline(event);
		if (!lacksStage || typeof id !== 'number') return event;
		const [lead] = await findEntries(api, LEADS, id, limits).catch((error) => {
			if (isRefused(error, [400, 403, 404, 422])) return [];
			throw error;
		});
		if (!lead) return event;
		const stage = { status_id: lead.status_id ?? null, pipeline_id: lead.pipeline_id ?? null };
		return { event: code, entity, id, ...stage, ...rest };
	};
	return await Promise.all(events.map(addStage));
}
