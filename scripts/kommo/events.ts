import { EVENTS, type EntityCode, type EventCode } from '../../nodes/KommoPipelineTrigger/events';
import { ACCOUNT_EVENTS } from './accountEvents';
import { OLD_STAGE, STAGE } from './accountRecords';

/** An event that can be sent without Kommo. */
export interface SimulatedEvent {
	/** What the command line calls it: `chat`, `customers.chat`, `contacts.update` */
	name: string;
	/** Kommo's code of an account-wide webhook: `update_contact` */
	code?: string;
	/** The entity on the wire; for a company, that is `contacts` */
	entity: string;
	/** Kommo's action, e.g. `mail_in` */
	action: string;
	/** Only for an event of the digital pipeline */
	description?: string;
	/** Who sends it: the digital pipeline, or the account-wide webhooks */
	source: 'pipeline' | 'account';
	/** The id of the first record when none is given */
	sampleId: number;
	/** A record about the lead, customer, contact, company or template of that id */
	makeRecord: (id: number) => object;
}

const SAMPLE_IDS: Record<EntityCode, number> = { leads: 4831596, customers: 91730 };

const STAGES: Record<EntityCode, object> = {
	leads: STAGE,
	customers: { status_id: 4051, pipeline_id: 0 },
};

/** The fields of https://developers.kommo.com/docs/webhooks-dp, as test/fixtures/wire has them. */
function makePipelineRecord(code: EventCode, entity: EntityCode, id: number): object {
	switch (code) {
		case 'status':
			return {
				id,
				...STAGES[entity],
				old_status_id: OLD_STAGE.status_id,
				old_pipeline_id: OLD_STAGE.pipeline_id,
			};
		case 'period':
			return { id, period_id: 2, old_period_id: 1 };
		default:
			return { id, ...STAGES[entity] };
	}
}

const PIPELINE_EVENTS = EVENTS.flatMap(({ code, description, entities }) =>
	entities.map((entity, index): SimulatedEvent => ({
		// For an event's first entity, the name is the code alone.
		name: index === 0 ? code : `${entity}.${code}`,
		entity,
		action: code,
		description,
		source: 'pipeline',
		sampleId: SAMPLE_IDS[entity],
		makeRecord: (id) => makePipelineRecord(code, entity, id),
	})),
);

export const SIMULATED_EVENTS: readonly SimulatedEvent[] = [
	...PIPELINE_EVENTS,
	...ACCOUNT_EVENTS.map((event): SimulatedEvent => ({ ...event, source: 'account' })),
];

/**
 * Finds an event by its name, Kommo's code, its output, or its entity and action: `status`, `status_lead`,
 * `stage`, `leads.chat`. `leads.status` is the event of the account-wide webhooks.
 */
export function findEvent(name: string): SimulatedEvent | undefined {
	const row = EVENTS.find(({ output }) => output.toLowerCase() === name.toLowerCase());
	const wanted = row?.code ?? name;
	return (
		SIMULATED_EVENTS.find((event) => event.name === wanted || event.code === wanted) ??
		SIMULATED_EVENTS.find(({ entity, action }) => `${entity}.${action}` === wanted)
	);
}
