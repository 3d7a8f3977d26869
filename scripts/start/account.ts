import { OLD_STAGE, STAGE, TALK } from '../kommo/accountRecords';
import type { KommoAccount } from '../kommo/standIn/account';
import type { ListedEvent } from '../kommo/standIn/events';

/** The lead whose customer writes, and of which the samples of leads are */
export const LEAD_ID = 4831596;

/** Gives an account what the events of `npm run simulate` are about. */
export function furnish({ leads, talks }: KommoAccount): void {
	leads.pipelines = [
		{
			id: STAGE.pipeline_id,
			name: 'Sales',
			is_archive: false,
			stages: { [OLD_STAGE.status_id]: 'Negotiation', [STAGE.status_id]: 'Contract' },
		},
	];
	leads.firstStage = STAGE;
	talks.open({ ...TALK, entity_id: LEAD_ID });
}

/** Lets an event happen in an account: it stands in its list of events, and a lead is then in its new stage. */
export function happen({ events, leads }: KommoAccount, event: Partial<ListedEvent>): void {
	const { entity_id, value_after } = events.happen(event);
	const [{ lead_status: stage } = {}] = value_after as Array<{
		lead_status?: { id: number; pipeline_id: number };
	}>;
	if (stage) leads.stages.set(entity_id, { status_id: stage.id, pipeline_id: stage.pipeline_id });
}
