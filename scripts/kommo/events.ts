import { EVENTS, type EntityCode, type EventCode } from '../../nodes/KommoPipelineTrigger/events';
import { ACCOUNT_EVENTS, CONTACT_ID } from './accountEvents';

/** An event that can be sent without Kommo. */
export interface SimulatedEvent {
	/** What the command line calls it: `chat`, `customers.chat`, `contacts.update` */
	name: string;
	entity: string;
	/** Kommo's action, e.g. `mail_in` */
	action: string;
	description: string;
	/** Who sends it: the digital pipeline, or the account-wide webhooks */
	source: 'pipeline' | 'account';
	/** The id of the first record when none is given */
	sampleId: number;
	/** A record about the lead, customer or contact of that id */
	makeRecord: (id: number) => object;
}

const SAMPLE_IDS: Record<string, number> = {
	leads: 4831596,
	customers: 91730,
	contacts: CONTACT_ID,
};

const STAGES: Record<EntityCode, object> = {
	leads: { status_id: 16203337, pipeline_id: 752662 },
	customers: { status_id: 4051, pipeline_id: 0 },
};

/** The fields of https://developers.kommo.com/docs/webhooks-dp, as test/fixtures/wire has them. */
function makePipelineRecord(code: EventCode, entity: EntityCode, id: number): object {
	switch (code) {
		case 'status':
			return { id, ...STAGES[entity], old_status_id: 16203334, old_pipeline_id: 752662 };
		case 'period':
			return { id, period_id: 2, old_period_id: 1 };
		default:
			return { id, ...STAGES[entity] };
	}
}

const PIPELINE_EVENTS = EVENTS.flatMap(({ code, description, entities }) =>
	entities.map((entity, index): SimulatedEvent => ({
		// An event's first entity needs no name.
		name: index === 0 ? code : `${entity}.${code}`,
		entity,
		action: code,
		description,
		source: 'pipeline',
		sampleId: SAMPLE_IDS[entity]!,
		makeRecord: (id) => makePipelineRecord(code, entity, id),
	})),
);

export const SIMULATED_EVENTS: readonly SimulatedEvent[] = [
	...PIPELINE_EVENTS,
	...Object.entries(ACCOUNT_EVENTS).map(([name, event]): SimulatedEvent => {
		const [entity = '', action = ''] = name.split('.');
		const sampleId = SAMPLE_IDS[entity] ?? SAMPLE_IDS.leads!;
		return { name, entity, action, source: 'account', sampleId, ...event };
	}),
];

/** Finds an event by its name, by entity and action, or by its output: `status`, `leads.status`, `stage`. */
export function findEvent(name: string): SimulatedEvent | undefined {
	const row = EVENTS.find(({ output }) => output.toLowerCase() === name.toLowerCase());
	const wanted = row?.code ?? name;
	return SIMULATED_EVENTS.find(
		(event) => event.name === wanted || `${event.entity}.${event.action}` === wanted,
	);
}
