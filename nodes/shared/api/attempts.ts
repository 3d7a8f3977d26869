import { sleep, type IN8nHttpFullResponse } from 'n8n-workflow';

import { isMap, type Json, type JsonMap } from '../events/json';
import { beforeDeadline, explainDelay, now, type RetryLimits } from './deadline';
import { toNoAnswer, type NoAnswer } from './noAnswer';
import {
	describeStatus,
	KommoApiError,
	UncertainError,
	UNEXPECTED_ANSWER,
	UNREACHABLE,
} from './problem';
import { reserveRequest } from './rateLimit';

/** In ms; doubles with each attempt that Kommo gives no `Retry-After` for */
const FIRST_PAUSE = 200;

export interface Request {
	/** Gives an answer of any status; throws when there is none */
	send(): Promise<IN8nHttpFullResponse>;
	/** Renews the token that Kommo refused to a request sent at this time, by `now()` */
	renewToken?(sent: number): Promise<void>;
	/**
	 * For what Kommo must not do twice: what to say when Kommo may have done it. Such a request is sent
	 * again only if Kommo certainly did not take it.
	 */
	uncertain?: string;
}

interface Answered {
	outcome: 'answered';
	status: number;
	body: Json;
	/** In ms */
	retryAfter?: number;
}

type Answer = Answered | NoAnswer;

/**
 * Sends a request, within the rate limit, until Kommo answers it. What may pass (429, 5xx, a broken
 * connection) is tried again as long as there is time, and a 401 once with a renewed token.
 *
 * @returns the body; nothing when Kommo has nothing to give (204, 202)
 * @throws KommoApiError, UncertainError, at the deadline or before it
 */
export async function sendUntilAnswered(
	request: Request,
	limits: RetryLimits,
): Promise<JsonMap | undefined> {
	return await beforeDeadline(retry(request, limits), limits);
}

async function retry(request: Request, limits: RetryLimits): Promise<JsonMap | undefined> {
	const own = { ...request };
	for (let pause = FIRST_PAUSE; ; pause *= 2) {
		const answer = await sendWithValidToken(own, limits);
		if (answer.outcome === 'useless') throw new KommoApiError(answer.problem);
		const isAnswered = answer.outcome === 'answered';
		if (isAnswered && isSuccess(answer)) {
			delete limits.lastProblem;
			return readBody(answer, request);
		}
		if (request.uncertain && mayBeDone(answer)) {
			throw new UncertainError(request.uncertain, isAnswered ? answer : undefined);
		}
		const problem = isAnswered ? describeStatus(answer.status) : UNREACHABLE;
		const mayPass = !isAnswered || answer.status === 429 || answer.status >= 500;
		const wait = (isAnswered && answer.retryAfter) || pause;
		if (!mayPass || now() + wait >= limits.deadline) {
			throw new KommoApiError(problem, isAnswered ? answer : undefined);
		}
		limits.lastProblem = problem;
		await sleep(wait);
	}
}

/** Renews a refused token. One renewal is enough: a token that Kommo refuses then, it refuses for good. */
async function sendWithValidToken(request: Request, limits: RetryLimits): Promise<Answer> {
	const sent = now();
	const answer = await sendOnce(request, limits);
	const isRefused = answer.outcome === 'answered' && answer.status === 401;
	if (!isRefused || !request.renewToken) return answer;
	try {
		await request.renewToken(sent);
		delete request.renewToken;
	} catch (error) {
		const failure = toNoAnswer(error);
		// It was the renewal that broke: Kommo has refused the request itself.
		return failure.outcome === 'brokenConnection' ? { outcome: 'noConnection' } : failure;
	}
	return await sendOnce(request, limits);
}

async function sendOnce({ send, uncertain }: Request, limits: RetryLimits): Promise<Answer> {
	const started = now();
	const due = reserveRequest(started, limits.deadline);
	if (due !== undefined && due > started) await sleep(due - started);
	if (due === undefined || now() >= limits.deadline) {
		return { outcome: 'useless', problem: explainDelay(limits) };
	}

	try {
		if (uncertain) limits.uncertain = uncertain;
		const { statusCode, body, headers } = await send();
		const seconds = Number(headers['retry-after']);
		return {
			outcome: 'answered',
			status: statusCode,
			body: body as Json,
			...(seconds > 0 && { retryAfter: seconds * 1000 }),
		};
	} catch (error) {
		return toNoAnswer(error);
	} finally {
		delete limits.uncertain;
	}
}

function isSuccess({ status }: Answered): boolean {
	return status >= 200 && status < 300;
}

function mayBeDone(answer: Answer): boolean {
	return answer.outcome === 'answered'
		? answer.status >= 500
		: answer.outcome === 'brokenConnection';
}

function readBody({ status, body }: Answered, { uncertain }: Request): JsonMap | undefined {
	if (status === 204 || (status === 202 && body === '')) return undefined;
	if (isMap(body)) return body;
	throw uncertain ? new UncertainError(uncertain) : new KommoApiError(UNEXPECTED_ANSWER);
}
