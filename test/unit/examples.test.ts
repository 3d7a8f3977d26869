import { EVENTS } from '../../nodes/KommoPipelineTrigger/events';
import { readRequest } from '../../scripts/example';
import { makeBody } from '../../scripts/simulate/body';
import { findEvent } from '../../scripts/simulate/events';

/** The samples of other names than the events in them */
const SAMPLES: Record<string, string> = { 'customers.chat': 'chat', 'contacts.update': 'other' };

test.each([
	...EVENTS.map(({ code }) => code).filter((code) => code !== 'chat'),
	...Object.keys(SAMPLES),
])('the sample request of %s is what is simulated', (name) => {
	expect(makeBody(findEvent(name)!)).toBe(readRequest(SAMPLES[name] ?? name));
});
