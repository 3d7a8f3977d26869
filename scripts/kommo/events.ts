import { EVENTS, type EntityCode, type EventCode } from '../../nodes/KommoPipelineTrigger/events';
import { ACCOUNT_EVENTS } from './accountEvents';

/** Who sends an event: the digital pipeline, or the general webhooks of the account. */
export type Source = 'pipeline' | 'account';

/** An event that can be sent without Kommo. */
export interface SimulatedEvent {
	/** What the command line calls it: `chat`, `customers.chat`, `contacts.update` */
	name: string;
	entity: string;
	/** Kommo's action, e.g. `mail_in` */
	action: string;
	description: string;
	source: Source;
	/** The id of the first record when none is given */
	sampleId: number;
	/** A record about the lead, customer or contact of that id */
	makeRecord: (id: number) => object;
}

const SAMPLE_IDS: Record<EntityCode, number> = { leads: 4831596, customers: 91730 };

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

/** Those of the catalogue, once for each entity that has them. The first entity needs no name. */
const PIPELINE_EVENTS = EVENTS.flatMap(({ code, description, entities }) =>
	entities.map((entity, index): SimulatedEvent => ({
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
	...ACCOUNT_EVENTS.map(
		({ entity, action, sampleId = SAMPLE_IDS.leads, ...event }): SimulatedEvent => ({
			name: `${entity}.${action}`,
			entity,
			action,
			source: 'account',
			sampleId,
			...event,
		}),
	),
];

/** By its name, by entity and action, or by its output: `status`, `leads.status` and `stage` are one. */
export function findEvent(name: string): SimulatedEvent | undefined {
	const isOutput = ({ output }: { output: string }) => output.toLowerCase() === name.toLowerCase();
	const wanted = EVENTS.find(isOutput)?.code ?? name;
	return SIMULATED_EVENTS.find(
		(event) => event.name === wanted || `${event.entity}.${event.action}` === wanted,
	);
}
