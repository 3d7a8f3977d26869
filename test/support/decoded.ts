import { readEvents } from '../../nodes/shared/decoding/payload';
import type { KommoEvent } from '../../nodes/shared/events/event';

/** The events of a body that has some. */
export function eventsOf(body: string): KommoEvent[] {
	const events = readEvents(body);
	if (typeof events === 'string') throw new Error(`No events in ${body}: ${events}`);
	return events;
}
