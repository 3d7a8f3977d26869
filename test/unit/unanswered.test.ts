import type { IExecuteFunctions } from 'n8n-workflow';

import { readItem } from '../../nodes/KommoChat/item';
import { getUnanswered } from '../../nodes/KommoChat/operations/getUnanswered';
import { ItemParameters } from '../../nodes/KommoChat/parameters';
import type { JsonMap } from '../../nodes/shared/events/json';
import { listAnswer, openFakeApi } from '../support/fakeApi';
import { useVirtualTime } from '../support/virtualTime';

const TALK = { talk_id: 7, chat_id: 'c', contact_id: 8, entity_id: 9, entity_type: 'lead' };
const EVENT_OF_LEAD = { event: 'chat', entity: 'leads', id: 9 };

const time = useVirtualTime();

let messages: Array<{ shownAt: number; message: JsonMap }>;
/** When the talk shows up, by `time` */
let openedAt: number;
let executions = 0;

beforeEach(async () => {
	// Two days ago, so it is not read.
	const old = { id: 'old', text: 'old', type: 'incoming', created_at: time.second - 172_800 };
	messages = [{ shownAt: 0, message: old }];
	openedAt = 0;
	time.skew = 0;
	// Whole seconds, later than the claims of the test before
	await time.pass(1_200_000 - (time.now % 1000));
});

/** Writes a message, which shows up this many ms later; gives its event. */
function write(id: string, delay = 0): JsonMap {
	const message = { id, text: id, type: 'incoming', created_at: time.second };
	messages.push({ shownAt: time.now + delay, message });
	return { event: 'add', entity: 'message', talk_id: 7, ...message };
}

/** The texts that an execution answers, or why it does not */
async function execute(event: JsonMap, mode = 'webhook'): Promise<string> {
	const api = await openFakeApi(({ path, query }) => {
		const from = Number(query.get('filter[created_at][from]'));
		const shown = messages.filter(
			({ shownAt, message }) => shownAt <= time.now && Number(message.created_at) >= from,
		);
		const talks = openedAt <= time.now ? [TALK] : [];
		const entries = path === 'talks' ? talks : shown.map(({ message }) => message);
		const date = new Date(time.second * 1000).toUTCString();
		return { ...listAnswer(path, entries), headers: { date } };
	});
	const execution = String(executions++);
	const values: Record<string, unknown> = { quietTime: 8 };
	// The parts of n8n's context that the operation uses
	const context = {
		getNodeParameter: (name: string, _item: number, fallback: unknown) => values[name] ?? fallback,
		getNode: () => ({ id: 'node', parameters: {} }),
		getMode: () => mode,
		getWorkflow: () => ({ id: 'workflow' }),
		getExecutionId: () => execution,
		getInputData: () => [{ json: event }],
	} as unknown as IExecuteFunctions;
	const parameters = new ItemParameters(context, 0, 'getUnanswered');
	const facts = readItem(event);
	const call = { context, item: 0, api, parameters, facts, isTool: false, secret: 's' };
	const result = await getUnanswered(call);
	return result.outcome === 'done' ? String(result.items[0]!.json.text) : result.reason;
}

describe('an execution for a message', () => {
	test.each([-300_000, -5000, 0, 5000, 300_000])(
		'waits as long as always if n8n’s clock is wrong by %p ms',
		async (skew) => {
			time.skew = skew;
			const started = time.now;
			const first = execute(write('a', 2000));
			await time.pass(4000);
			const second = execute(write('b', 2000));
			expect(await time.run(Promise.all([first, second]))).toEqual(['newer_message', 'a\nb']);
			expect(time.now - started).toBeGreaterThanOrEqual(11_000);
			expect(time.now - started).toBeLessThan(20_000);
		},
	);

	test('looks again if the event names no message and the newest belongs to another execution', async () => {
		write('a');
		expect(await time.run(execute(EVENT_OF_LEAD))).toBe('a');
		write('b', 2000);
		expect(await time.run(execute(EVENT_OF_LEAD))).toBe('a\nb');
		expect(await time.run(execute(EVENT_OF_LEAD))).toBe('answered');
	});

	test('looks again for a talk that opens with it', async () => {
		openedAt = time.now + 2000;
		write('a');
		expect(await time.run(execute(EVENT_OF_LEAD))).toBe('a');
		openedAt = Infinity;
		expect(await time.run(execute(EVENT_OF_LEAD))).toBe('no_message');
	});

	test('answers the message of a failed execution when somebody retries it', async () => {
		const event = write('a');
		expect(await time.run(execute(event))).toBe('a');
		expect(await time.run(execute(event))).toBe('answered');
		expect(await time.run(execute(event, 'retry'))).toBe('a');
	});
});
