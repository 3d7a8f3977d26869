import type { IN8nHttpFullResponse } from 'n8n-workflow';

import { sendUntilAnswered } from '../../nodes/shared/api/attempts';

const TIME_LIMIT = 1500;
const MINUTE = 60_000;
const NO_ANSWER = new Promise<never>(() => {});

let account = 0;

/** What Kommo answers to one attempt after the other, each after 30 ms; the last one again and again. */
async function send(...answers: Array<Partial<IN8nHttpFullResponse> | Error | typeof NO_ANSWER>) {
	const started = Date.now();
	const deadline = started + TIME_LIMIT;
	const attempts: number[] = [];
	const failures: string[] = [];
	const outcome = sendUntilAnswered({
		host: `attempts${account++}.kommo.com`,
		deadline,
		onFailure: (problem) => failures.push(problem),
		async send() {
			const answer = answers[Math.min(attempts.length, answers.length - 1)]!;
			attempts.push(Date.now() - started);
			if (answer === NO_ANSWER) {
				await new Promise((resolve) => setTimeout(resolve, deadline - Date.now()));
				throw new Error('timeout of 100ms exceeded');
			}
			await new Promise((resolve) => setTimeout(resolve, 30));
			if (answer instanceof Error) throw answer;
			return { headers: {}, body: {}, statusCode: 200, ...answer };
		},
	}).then(
		(body) => ({ body }),
		({ message }: Error) => ({ message }),
	);
	await jest.advanceTimersByTimeAsync(MINUTE);
	return { ...(await outcome), attempts, failures };
}

describe('sendUntilAnswered', () => {
	beforeEach(() => {
		jest.useFakeTimers();
	});
	afterEach(() => {
		jest.useRealTimers();
	});

	test('gives what Kommo answers', async () => {
		expect(await send({ body: { id: 1 } })).toEqual({
			body: { id: 1 },
			attempts: [0],
			failures: [],
		});
	});

	test('tries what may pass again after pauses that double, and says before each why', async () => {
		const problem = expect.stringContaining('status 500');
		expect(await send({ statusCode: 500 })).toEqual({
			message: problem,
			attempts: [0, 230, 660, 1490],
			failures: [problem, problem, problem],
		});
	});

	test('says what Kommo answered before, when a further attempt gets no answer in time', async () => {
		expect(await send({ statusCode: 500 }, NO_ANSWER)).toMatchObject({
			message: expect.stringContaining('status 500'),
			attempts: [0, 230],
		});
	});

	test('says that there was not enough time, when the first attempt gets no answer', async () => {
		expect(await send(NO_ANSWER)).toMatchObject({
			message: expect.stringContaining('longer than the time limit'),
			attempts: [0],
		});
	});

	test('waits as long as Kommo demands', async () => {
		const busy = { statusCode: 429, headers: { 'retry-after': '1' } };
		expect(await send(busy, { body: { id: 1 } })).toMatchObject({
			body: { id: 1 },
			attempts: [0, 1030],
		});
	});

	test('gives up at once when Kommo demands more time than there is', async () => {
		const busy = { statusCode: 429, headers: { 'retry-after': '30' } };
		expect(await send(busy)).toMatchObject({
			message: expect.stringContaining('(429)'),
			attempts: [0],
		});
	});

	test('tries a broken connection again', async () => {
		const broken = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
		expect(await send(broken, { body: { id: 1 } })).toMatchObject({
			body: { id: 1 },
			failures: [expect.stringContaining('could not be reached')],
		});
	});

	test.each([401, 403, 404])('does not try a %i again', async (statusCode) => {
		expect(await send({ statusCode })).toMatchObject({
			message: expect.stringContaining(`(${statusCode})`),
			attempts: [0],
		});
	});
});
