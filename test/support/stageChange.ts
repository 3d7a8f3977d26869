import type { KommoEvent } from '../../nodes/shared/events/event';

export const stageChange: KommoEvent = {
	event: 'status',
	entity: 'leads',
	id: 1,
	status_id: 20,
	pipeline_id: 7,
	old_status_id: 10,
	old_pipeline_id: 7,
	account: { id: 3, subdomain: 'acme' },
};
