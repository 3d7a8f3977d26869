import type { ListedEvent } from '../../nodes/KommoPollingTrigger/list/eventList';

/** The stage change of `examples/requests/status.txt` as Kommo's API lists it */
export const LISTED_STAGE_CHANGE: ListedEvent = {
	id: '01pz58t6p04ymgsgfbmfyfy1mf',
	type: 'lead_status_changed',
	entity_id: 4831596,
	entity_type: 'lead',
	created_by: 938300,
	created_at: 1732450000,
	account_id: 29085955,
	value_before: [{ lead_status: { id: 16203334, pipeline_id: 752662 } }],
	value_after: [{ lead_status: { id: 16203337, pipeline_id: 752662 } }],
};
