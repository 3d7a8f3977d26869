import { sleep, type IN8nHttpFullResponse } from 'n8n-workflow';

import { isMap, type Json, type JsonMap } from '../events/json';
import { beforeDeadline, now, type RetryLimits } from './deadline';
import { toNoAnswer, type NoAnswer } from './noAnswer';
import {
	CREDENTIAL_UNUSABLE,
	KommoApiError,
	NO_TURN,
	NOT_CONNECTED,
	OUT_OF_TIME,
	UncertainError,
	UNEXPECTED_ANSWER,
} from './problem';
import { holdTurns, takeTurn, WINDOW } from './rateLimit';
import { commonRefusals, isBlockPage, type Refusals } from './refusals';

/** In ms. After it, a longer `Retry-After` binds only the request that got it: others may be for other accounts. */
const LONGEST_HOLD = 5_000;

/** In ms. It doubles with each attempt. A `Retry-After` of Kommo replaces it. */
const FIRST_PAUSE = 200;

const RECONNECT = 'If this keeps happening, reconnect the credential.';

export interface KommoRequest {
	/**
	 * Gives an answer of any status; throws when there is none.
	 *
	 * @param timeout in ms
	 */
	send(timeout: number): Promise<IN8nHttpFullResponse>;
	/** Only with OAuth2: renews the token. `sent` is when the refused request was sent, by `now()`. */
	renewToken?(sent: number): Promise<void>;
	/**
	 * Marks a request that Kommo must not carry out twice: the error's sentence if Kommo may have carried it
	 * out. Such a request is sent again only if Kommo certainly did not take it.
	 */
	uncertain?: string;
	/** Whether it is one of many, and lets urgent requests go first */
	bulk?: boolean;
	refusals?: Refusals;
}

/** A successful answer of Kommo */
export interface Answer {
	/** Nothing for an empty answer (204, 202) */
	body: JsonMap | undefined;
	/** Kommo's time, in Unix seconds, if the answer has it */
	date: number | undefined;
}

interface RawAnswer {
	status: number;
	body: Json;
	headers: Record<string, unknown>;
}

/** Why an attempt failed */
interface Failure {
	error: KommoApiError;
	isTemporary: boolean;
}

/**
 * Sends a request within the rate limit. After a temporary failure (429, 5xx, a broken connection) it sends
 * it again while there is time, and after a 401 once, with a renewed token. After a 429, all requests wait.
 * The `cause` of an error is the error of the attempt before.
 *
 * @throws KommoApiError, UncertainError, at the deadline or before it
 */
export async function sendUntilAnswered(
	request: KommoRequest,
	limits: RetryLimits,
): Promise<Answer> {
	const { deadline } = limits;
	let last: KommoApiError | undefined;
	let isRenewed = false;
	for (let pause = FIRST_PAUSE; ;) {
		const started = now();
		if (!(await takeTurn(deadline, request.bulk === true))) {
			throw last ?? new KommoApiError(started < deadline ? NO_TURN : outOfTime(request, limits));
		}
		const sent = now();
		let answer = await attempt(request, limits);
		if (answer === 'late') {
			const { uncertain } = request;
			if (uncertain) throw new UncertainError(uncertain);
			throw last ?? new KommoApiError(outOfTime(request, limits));
		}
		if ('status' in answer && answer.status === 401 && request.renewToken && !isRenewed) {
			const failure = await renew(request, sent, limits);
			isRenewed = !failure;
			if (isRenewed) continue;
			answer = failure!;
		}
		if ('status' in answer && isSuccess(answer)) return toAnswer(answer, request);

		const { error, isTemporary } = toFailure(answer, request);
		if (last) error.cause = last;
		const wait = ('status' in answer && retryAfter(answer)) || pause;
		if ('status' in answer && answer.status === 429) {
			holdTurns(Math.min(retryAfter(answer) ?? Math.max(pause, WINDOW), LONGEST_HOLD));
		}
		if (!isTemporary || now() + wait >= deadline) throw error;
		last = error;
		await sleep(wait);
		pause *= 2;
	}
}

async function attempt(
	{ send }: KommoRequest,
	{ deadline, answerWithin }: RetryLimits,
): Promise<RawAnswer | NoAnswer | 'late'> {
	const until = answerWithin === undefined ? deadline : now() + answerWithin;
	const late = new Error();
	try {
		const sending = send(Math.max(1, Math.ceil(until - now())));
		const { statusCode, body, headers } = await beforeDeadline(sending, until, () => late);
		return { status: statusCode, body: body as Json, headers };
	} catch (error) {
		return error === late ? 'late' : toNoAnswer(error);
	}
}

/** One renewal is enough: if Kommo refuses the new token too, another one would not help. */
async function renew(
	request: KommoRequest,
	sent: number,
	limits: RetryLimits,
): Promise<NoAnswer | undefined> {
	const tooLate = () => new KommoApiError(outOfTime(request, limits));
	// Kommo has refused the request, so it was certainly not carried out.
	const renewal = request.renewToken!(sent).then(
		() => undefined,
		(error: unknown) => ({ ...toNoAnswer(error), maybeSent: false }),
	);
	return await beforeDeadline(renewal, limits.deadline, tooLate);
}

function toFailure(answer: RawAnswer | NoAnswer, request: KommoRequest): Failure {
	const { uncertain, refusals = commonRefusals, renewToken } = request;
	if (uncertain && mayBeCarriedOut(answer)) {
		return { error: new UncertainError(uncertain, toRefused(answer)), isTemporary: false };
	}
	if (!('status' in answer)) {
		const isUnconnected = renewToken && answer.problem === CREDENTIAL_UNUSABLE;
		const problem = isUnconnected ? NOT_CONNECTED : answer.problem;
		return { error: new KommoApiError(problem), isTemporary: answer.isTemporary };
	}
	const { status } = answer;
	const refused = { status, body: answer.body };
	const message = refusals(refused, renewToken ? 'oAuth2' : 'accessToken');
	const isTemporary = status === 429 || status === 408 || status >= 499;
	return { error: new KommoApiError(message, refused), isTemporary };
}

function toRefused(answer: RawAnswer | NoAnswer) {
	return 'status' in answer ? { status: answer.status, body: answer.body } : undefined;
}

/**
 * Whether Kommo may have carried out the request. Most 4xx statuses say that it did not. 408, 499 and 5xx can
 * come after it did.
 */
function mayBeCarriedOut(answer: RawAnswer | NoAnswer): boolean {
	if (!('status' in answer)) return answer.maybeSent;
	const { status } = answer;
	return status === 408 || (status > 431 && status !== 451);
}

function isSuccess({ status }: RawAnswer): boolean {
	return status >= 200 && status < 300;
}

function retryAfter({ headers }: RawAnswer): number | undefined {
	const seconds = Number(headers['retry-after']);
	return seconds > 0 ? seconds * 1000 : undefined;
}

function toAnswer({ status, body, headers }: RawAnswer, request: KommoRequest): Answer {
	const { uncertain, refusals = commonRefusals } = request;
	const date = Date.parse(String(headers.date)) / 1000 || undefined;
	if (status === 204 || (status === 202 && body === '')) return { body: undefined, date };
	if (isMap(body)) return { body, date };
	if (uncertain) throw new UncertainError(uncertain);
	const refused = { status, body };
	throw isBlockPage(refused)
		? new KommoApiError(refusals(refused), refused)
		: new KommoApiError(UNEXPECTED_ANSWER);
}

function outOfTime(
	{ renewToken }: KommoRequest,
	{ outOfTime: sentence = OUT_OF_TIME }: RetryLimits,
) {
	return renewToken ? `${sentence} ${RECONNECT}` : sentence;
}
