import type { Plan } from './arguments';
import type { SimulatedEvent } from '../kommo/events';

export interface SimulatedRequest {
	event: SimulatedEvent;
	/** Of its first record */
	id: number;
}

export function countRequests({ events, count }: Plan): number {
	return events.length * count;
}

/** The requests of a plan in rounds of one of each event. No two of an event are about one record. */
export function* listRequests({ events, count, records, id }: Plan): Generator<SimulatedRequest> {
	for (let round = 0; round < count; round++) {
		for (const event of events) yield { event, id: (id ?? event.sampleId) + round * records };
	}
}
