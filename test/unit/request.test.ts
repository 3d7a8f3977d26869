import { sleep, UserError, type IN8nHttpFullResponse } from 'n8n-workflow';

import { sendUntilAnswered } from '../../nodes/shared/api/request';
import { now, type RetryLimits } from '../../nodes/shared/api/deadline';
import { UncertainError, type KommoApiError } from '../../nodes/shared/api/problem';
import { useVirtualTime } from '../support/virtualTime';

const time = useVirtualTime();

const TIME_LIMIT = 1500;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NO_ANSWER = new Promise<never>(() => {});

type Answers = Array<Partial<IN8nHttpFullResponse> | Error | typeof NO_ANSWER>;

/** The result of a request to which Kommo gives these answers, each after 30 ms, and the last one again and again. */
async function send(
	answers: Answers,
	renewToken?: (sent: number) => Promise<void>,
	uncertain?: string,
	more: Partial<RetryLimits> = {},
) {
	const started = now();
	const limits: RetryLimits = { deadline: started + TIME_LIMIT, ...more };
	const attempts: number[] = [];
	const result = sendUntilAnswered(
		{
			async send() {
				const answer = answers[Math.min(attempts.length, answers.length - 1)]!;
				attempts.push(now() - started);
				if (answer === NO_ANSWER) return await NO_ANSWER;
				await sleep(30);
				if (answer instanceof Error) throw answer;
				return { headers: {}, body: {}, statusCode: 200, ...answer };
			},
			...(renewToken && { renewToken }),
			...(uncertain && { uncertain }),
		},
		limits,
	).then(
		({ body, date }) => ({ body, date }),
		(error: KommoApiError) => ({
			message: error.message,
			isUncertain: error instanceof UncertainError,
			answer: error.answer,
		}),
	);
	let duration = 0;
	void result.then(() => (duration = now() - started));
	await time.pass(MINUTE);
	return { ...(await result), attempts, duration };
}

const failure = (code: string) => Object.assign(new Error('failed'), { code });

describe('sendUntilAnswered', () => {
	test('gives what Kommo answers', async () => {
		expect(await send([{ body: { id: 1 } }])).toMatchObject({ body: { id: 1 }, attempts: [0] });
	});

	test.each([202, 204])(
		'gives nothing when Kommo answers %i without a word',
		async (statusCode) => {
			expect(await send([{ statusCode, body: '' }])).toMatchObject({ body: undefined });
		},
	);

	test('treats everything but a JSON object as an unexpected answer', async () => {
		expect(await send([{ body: '<html></html>' }])).toMatchObject({
			message: expect.stringContaining('gave a page in place of an answer (200)'),
			attempts: [0],
		});
		expect(await send([{ statusCode: 200, body: '' }])).toMatchObject({
			message: expect.stringContaining('gave an unexpected answer'),
			attempts: [0],
		});
	});

	test('retries temporary failures after pauses that double', async () => {
		expect(await send([{ statusCode: 500 }])).toMatchObject({
			message: expect.stringContaining('(500)'),
			attempts: [0, 230, 660, 1490],
		});
	});

	test.each([408, 499, 502])('retries a %i', async (statusCode) => {
		expect(await send([{ statusCode }, { body: { id: 1 } }])).toMatchObject({
			body: { id: 1 },
			attempts: [0, 230],
		});
	});

	test('has n8n wait as long as there is time', async () => {
		const sent = jest.fn(async () => ({ statusCode: 200, headers: {}, body: {} }));
		await time.pass(MINUTE);
		await sendUntilAnswered({ send: sent }, { deadline: now() + TIME_LIMIT });
		expect(sent).toHaveBeenCalledWith(TIME_LIMIT);
	});

	test("gives Kommo's earlier answer as the reason when a later attempt gets no answer in time", async () => {
		expect(await send([{ statusCode: 500 }, NO_ANSWER])).toMatchObject({
			message: expect.stringContaining('(500)'),
			attempts: [0, 230],
			duration: TIME_LIMIT,
		});
	});

	test('says that there was not enough time, when the first attempt gets no answer', async () => {
		expect(await send([NO_ANSWER])).toMatchObject({
			message: expect.stringContaining('longer than the time limit'),
			attempts: [0],
			duration: TIME_LIMIT,
		});
	});

	test('waits as long as Kommo demands', async () => {
		const busy = { statusCode: 429, headers: { 'retry-after': '1' } };
		expect(await send([busy, { body: { id: 1 } }])).toMatchObject({
			body: { id: 1 },
			attempts: [0, 1030],
		});
	});

	test('has all requests wait after a 429, as long as Kommo demands or until the window is over', async () => {
		const many = { statusCode: 429 };
		const ok = { body: { id: 1 } };
		const next = async (deadline: number) => {
			await sleep(100);
			return await send([ok], undefined, undefined, { deadline: now() + deadline });
		};
		const [busy, patient, hurried] = await Promise.all([send([many, ok]), next(5000), next(1000)]);
		expect(busy.attempts).toEqual([0, 1130]);
		expect(patient.attempts).toEqual([1030]);
		expect(hurried).toMatchObject({ attempts: [], duration: 1000 });

		const waiting = { statusCode: 429, headers: { 'retry-after': '4' } };
		const [, later] = await Promise.all([send([waiting]), next(5000)]);
		expect(later.attempts).toEqual([3930]);
	});

	test('gives up at once when Kommo demands more time than there is', async () => {
		const busy = { statusCode: 429, headers: { 'retry-after': '30' } };
		expect(await send([busy])).toMatchObject({
			message: expect.stringContaining('(429)'),
			attempts: [0],
		});
	});

	test.each([
		'ECONNRESET',
		'EAI_AGAIN',
		'ERR_NETWORK',
		'ERR_BAD_RESPONSE',
		'HPE_INVALID_CONSTANT',
		'UND_ERR_SOCKET',
		'Z_DATA_ERROR',
	])('tries a connection that broke with %s again', async (code) => {
		expect(await send([failure(code), { body: { id: 1 } }])).toMatchObject({
			body: { id: 1 },
			attempts: [0, 230],
		});
	});

	test.each([
		['is wrapped', new Error('wrapped', { cause: failure('EAI_AGAIN') })],
		['has become the httpCode of n8n 1.x', Object.assign(new Error(), { httpCode: 'EAI_AGAIN' })],
	])('tries a broken connection again whose code %s', async (_, error) => {
		expect(await send([error, { body: { id: 1 } }])).toMatchObject({ body: { id: 1 } });
	});

	test.each([
		'CERT_HAS_EXPIRED',
		'DEPTH_ZERO_SELF_SIGNED_CERT',
		'ERR_TLS_CERT_ALTNAME_INVALID',
		'SELF_SIGNED_CERT_IN_CHAIN',
		'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
		'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
	])('does not try again after %s, and says that the certificate is not trusted', async (code) => {
		expect(await send([failure(code)])).toMatchObject({
			message: expect.stringContaining('does not trust the certificate'),
			attempts: [0],
		});
	});

	test.each(['ERR_INVALID_CHAR', 'EAUTH', undefined])(
		'treats any other failure of n8n, such as %s, as one of the credential',
		async (code) => {
			const error = Object.assign(new Error('failed'), { code });
			expect(await send([error])).toMatchObject({
				message: expect.stringContaining('credential could not be used'),
				attempts: [0],
			});
		},
	);

	test("gives the time of Kommo's clock", async () => {
		const headers = { date: 'Sun, 29 Nov 2026 13:50:00 GMT' };
		expect(await send([{ headers, body: {} }])).toMatchObject({ date: 1795960200 });
	});

	test('waits for an answer as long as its caller says, even beyond the deadline', async () => {
		const slow = { answerWithin: 5000 };
		expect(await send([{ statusCode: 500 }, NO_ANSWER], undefined, undefined, slow)).toMatchObject({
			message: expect.stringContaining('(500)'),
			attempts: [0, 230],
			duration: 5230,
		});
	});

	test('speaks of a reconnection only with OAuth2', async () => {
		const renew = async () => {};
		for (const answers of [[{ statusCode: 401 }], [NO_ANSWER], [new Error('no credential')]]) {
			expect(await send(answers)).not.toMatchObject({
				message: expect.stringMatching(/reconnect/i),
			});
			expect(await send(answers, renew)).toMatchObject({
				message: expect.stringMatching(/reconnect/i),
			});
		}
		expect(await send([failure('ECONNREFUSED')], renew)).toMatchObject({
			message: expect.stringContaining('could not be reached'),
		});
	});

	test.each([401, 403, 404])('does not try a %i again', async (statusCode) => {
		expect(await send([{ statusCode }])).toMatchObject({
			message: expect.stringContaining(`(${statusCode})`),
			attempts: [0],
		});
	});

	test('says what Kommo answered to a request that it refused', async () => {
		const body = { detail: 'Unknown code' };
		expect(await send([{ statusCode: 422, body }])).toMatchObject({
			answer: { status: 422, body },
		});
	});

	test("says its caller's own sentence at the deadline", async () => {
		const own = { outOfTime: 'Too late.' };
		expect(await send([NO_ANSWER], undefined, undefined, own)).toMatchObject({
			message: 'Too late.',
		});
	});

	test('keeps to the rate limit, and goes on when the clock of the machine is set back', async () => {
		const started = now();
		for (let request = 0; request < 7; request++) {
			const limits = { deadline: now() + TIME_LIMIT };
			const answer = { statusCode: 200, headers: {}, body: {} };
			await sendUntilAnswered({ send: async () => answer }, limits);
		}
		expect(now()).toBe(started);
		time.skew = -HOUR;
		expect(await send([{ body: { id: 1 } }])).toMatchObject({
			body: { id: 1 },
			attempts: [1100],
		});
	});

	describe('with a token that can be renewed', () => {
		const refused = { statusCode: 401 };

		test('renews it once when Kommo refuses it, and sends again', async () => {
			const renew = jest.fn(async () => {});
			expect(await send([refused, { body: { id: 1 } }], renew)).toMatchObject({
				body: { id: 1 },
				attempts: [0, 30],
			});
			expect(renew).toHaveBeenCalledTimes(1);
		});

		test('renews it once for a request, even if Kommo fails in between', async () => {
			const renew = jest.fn(async () => {});
			await send([refused, { statusCode: 500 }, refused, { statusCode: 500 }, refused], renew);
			expect(renew).toHaveBeenCalledTimes(1);
		});

		test('says that the credential must be reconnected when the token cannot be renewed', async () => {
			const renew = async () => await Promise.reject<void>(new Error('revoked'));
			expect(await send([refused], renew)).toMatchObject({
				message: expect.stringContaining('Reconnect it'),
				attempts: [0],
			});
		});

		test('waits for the renewal no longer than the deadline, and sends nothing after it', async () => {
			const renew = async () => await sleep(TIME_LIMIT);
			expect(await send([refused, { body: { id: 1 } }], renew)).toMatchObject({
				message: expect.stringContaining('longer than the time limit'),
				attempts: [0],
				duration: TIME_LIMIT,
			});
		});
	});

	describe('a request that Kommo must not get twice', () => {
		const UNCERTAIN = 'Look in the chat.';
		const refused = { statusCode: 401 };
		const accepted = { statusCode: 202, body: { id: 'a' } };
		const sendOnce = async (answers: Answers, renewToken?: () => Promise<void>) =>
			await send(answers, renewToken, UNCERTAIN);

		test('is sent again when Kommo certainly did not take it', async () => {
			const busy = { statusCode: 429, headers: { 'retry-after': '1' } };
			const outcome = await sendOnce([busy, accepted]);
			expect(outcome).toMatchObject({ body: { id: 'a' }, attempts: [0, 1030] });
		});

		test.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'])(
			'is sent again when no connection was made: %s',
			async (code) => {
				const wrapped = new Error('wrapped', { cause: failure(code) });
				expect(await sendOnce([wrapped, accepted])).toMatchObject({
					body: { id: 'a' },
					attempts: [0, 230],
				});
			},
		);

		test.each([
			'ECONNRESET',
			'ETIMEDOUT',
			'ECONNABORTED',
			'EPIPE',
			'ERR_BAD_RESPONSE',
			'Z_DATA_ERROR',
			'UNKNOWN',
		])('is not sent again when the connection broke with %s', async (code) => {
			expect(await sendOnce([failure(code), accepted])).toMatchObject({
				message: UNCERTAIN,
				isUncertain: true,
				attempts: [0],
			});
		});

		test.each([408, 460, 499, 500, 502, 503, 504, 599])(
			'is not sent again after a %i',
			async (statusCode) => {
				expect(await sendOnce([{ statusCode }, accepted])).toMatchObject({
					message: UNCERTAIN,
					isUncertain: true,
					answer: { status: statusCode, body: {} },
					attempts: [0],
				});
			},
		);

		test('is not sent again when the answer cannot be read', async () => {
			expect(await sendOnce([{ body: '<html></html>' }, accepted])).toMatchObject({
				message: UNCERTAIN,
				isUncertain: true,
				attempts: [0],
			});
		});

		test.each([400, 402, 403, 404, 422, 431, 451])(
			'is refused for sure with a %i',
			async (statusCode) => {
				expect(await sendOnce([{ statusCode }, accepted])).toMatchObject({
					message: expect.stringContaining(String(statusCode)),
					isUncertain: false,
					attempts: [0],
				});
			},
		);

		test.each([
			['could not be used', failure('ERR_INVALID_CHAR')],
			['could not be used', new Error('wrapped', { cause: new UserError('wrong host') })],
			['does not trust the certificate', failure('CERT_HAS_EXPIRED')],
		])('is refused for sure when the credential or the certificate %s', async (problem, error) => {
			expect(await sendOnce([error, accepted])).toMatchObject({
				message: expect.stringContaining(problem),
				isUncertain: false,
				attempts: [0],
			});
		});

		test('may have been taken when there is no answer at the deadline', async () => {
			const busy = { statusCode: 429 };
			for (const answers of [[NO_ANSWER], [busy, NO_ANSWER]]) {
				expect(await sendOnce(answers)).toMatchObject({
					message: UNCERTAIN,
					isUncertain: true,
					duration: TIME_LIMIT,
				});
			}
		});

		test('is sent again when the connection breaks while the token is renewed', async () => {
			let renewals = 0;
			const renew = async () => {
				if (renewals++ === 0) throw failure('ECONNRESET');
			};
			expect(await sendOnce([refused, refused, accepted], renew)).toMatchObject({
				body: { id: 'a' },
				attempts: [0, 230, 260],
			});
		});

		test('has not been sent when the renewal takes until the deadline', async () => {
			const renew = async () => await sleep(TIME_LIMIT - 30);
			expect(await sendOnce([refused, accepted], renew)).toMatchObject({
				message: expect.stringContaining('longer than the time limit'),
				isUncertain: false,
				attempts: [0],
			});
		});

		test('is not sent at the deadline, when it has to wait for its turn until then', async () => {
			for (let request = 0; request < 7; request++) {
				await sendUntilAnswered(
					{ send: async () => ({ statusCode: 200, headers: {}, body: {} }) },
					{ deadline: now() + TIME_LIMIT },
				);
			}
			const sent = jest.fn(async () => await NO_ANSWER);
			const waiting = sendUntilAnswered(
				{ send: sent, uncertain: UNCERTAIN },
				{ deadline: now() + 1100 },
			).catch(String);
			await time.pass(MINUTE);
			expect(await waiting).toContain('did not get its turn');
			expect(sent).not.toHaveBeenCalled();
		});
	});
});
