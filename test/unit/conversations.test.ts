import type { IExecuteFunctions } from 'n8n-workflow';

import type { OperationName } from '../../nodes/KommoChat/description';
import { readItem } from '../../nodes/KommoChat/item';
import type { Call, Result } from '../../nodes/KommoChat/operations/operation';
import { ItemParameters } from '../../nodes/KommoChat/parameters';
import type { JsonMap } from '../../nodes/shared/events/json';
import { Talks } from '../../scripts/kommo/standIn/talks';
import { Conversations } from '../support/conversations';
import type { FakeAnswer } from '../support/fakeApi';
import { useVirtualTime } from '../support/virtualTime';

/** How long Kommo takes for a request, in ms */
const ON_THE_WAY = 300;

const time = useVirtualTime();

/** What a process of n8n has for itself: its rate limit, and what it knows about its answers */
interface Process {
	openFakeApi: typeof import('../support/fakeApi').openFakeApi;
	operations: Partial<Record<OperationName, (call: Call) => Promise<Result>>>;
}

function startProcess(): Process {
	const process: Partial<Process> = {};
	jest.isolateModules(() => {
		const { openFakeApi } = jest.requireActual<Process>('../support/fakeApi');
		const operations = ['getUnanswered', 'sendMessage'].map((name) =>
			jest.requireActual<object>(`../../nodes/KommoChat/operations/${name}`),
		);
		Object.assign(process, { openFakeApi, operations: Object.assign({}, ...operations) as object });
	});
	return process as Process;
}

let executions = 0;

/** Lets all customers write, and the processes answer, one after the other. */
async function answer(conversations: Conversations, processes: Process[], plan: object) {
	const talks = new Talks();
	conversations.talks = talks;

	async function ask(method: string, path: string, query: URLSearchParams, body?: unknown) {
		conversations.requests.push(time.now);
		if (path.endsWith('send_message')) conversations.sends.push(time.now + ON_THE_WAY);
		await time.sleep(ON_THE_WAY);
		const answered = talks.answer({ method, path: `/api/v4/${path}`, query, body }) as {
			statusCode: number;
			body?: string;
		};
		await time.sleep(ON_THE_WAY);
		const content =
			answered.body === undefined ? undefined : (JSON.parse(answered.body) as JsonMap);
		return { statusCode: answered.statusCode, body: content } as FakeAnswer;
	}

	async function execute(operation: OperationName, json: JsonMap, values: object, id: number) {
		const { openFakeApi, operations } = processes[id % processes.length]!;
		const api = await openFakeApi(async ({ method, path, query, options }) =>
			ask(method, path, query, options.body),
		);
		const context = {
			getNodeParameter: (name: string, _item: number, fallback: unknown) =>
				(values as Record<string, unknown>)[name] ?? fallback,
			getNode: () => ({ id: 'node', parameters: {} }),
			getMode: () => 'webhook',
			getWorkflow: () => ({ id: 'workflow' }),
			getExecutionId: () => String(id),
			getInputData: () => [{ json }],
		};
		return await operations[operation]!({
			// The parts of n8n's context that the operations use
			context: context as unknown as IExecuteFunctions,
			item: 0,
			api,
			parameters: new ItemParameters(context as unknown as IExecuteFunctions, 0, operation),
			facts: readItem(json),
			isTool: false,
			secret: 's',
		});
	}

	const holding = conversations.hold(plan as never, async (message, talk_id) => {
		const id = ++executions;
		const event = { ...message, event: 'add', entity: 'message', talk_id } as unknown as JsonMap;
		const unanswered = await execute('getUnanswered', event, { quietTime: 8 }, id);
		if (unanswered.outcome !== 'done') return;
		const { text, newest_message_id } = unanswered.items[0]!.json;
		await conversations.think(talk_id);
		const values = { talkId: talk_id, text, onlyIfNewest: newest_message_id };
		await execute('sendMessage', {}, values, id);
	});
	await time.run(holding);
	process.stdout.write(`${conversations.summary}\n`);
}

test('of 100 customers who write within 100 seconds, each is answered once, or by a colleague', async () => {
	const conversations = new Conversations();
	const plan = { customers: 100, spread: 100_000, doubled: 20, withColleague: 10 };
	await answer(conversations, [startProcess()], plan);
	expect(conversations.answered).toEqual(conversations.expected);
});

test('of 60 whose events come to two processes, too', async () => {
	const conversations = new Conversations();
	const plan = { customers: 60, spread: 60_000, withColleague: 10 };
	await answer(conversations, [startProcess(), startProcess()], plan);
	expect(conversations.answered).toEqual(conversations.expected);
});
