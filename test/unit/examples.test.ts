import { EVENTS } from '../../nodes/KommoPipelineTrigger/events';
import { readRequest } from '../../scripts/example';

test.each(EVENTS.map(({ code }) => code))('there is a sample request of %s', (code) => {
	expect(readRequest(code)).toContain(`%5B${code}%5D`);
});
