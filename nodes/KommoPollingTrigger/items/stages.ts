import type { KommoApi } from '../../shared/api/client';
import { beforeDeadline, type RetryLimits } from '../../shared/api/deadline';
import { findEntries } from '../../shared/api/entries';
import { isRefused } from '../../shared/api/pages';
import { KommoApiError, OUT_OF_TIME } from '../../shared/api/problem';
import type { KommoEvent } from '../../shared/events/event';
import { isOfPipeline } from '../events';

const LEADS = { path: 'leads', field: 'id' };

/**
 * Adds the lead's current stage to events that the list gives without a stage, and the digital pipeline with
 * one. If a lead can no longer be read, its events get none.
 *
 * @throws KommoApiError if the leads can perhaps be read later
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
	const { deadline, outOfTime = OUT_OF_TIME } = limits;
	const tooLate = () => new KommoApiError(outOfTime);
	return await beforeDeadline(Promise.all(events.map(addStage)), deadline, tooLate);
}
