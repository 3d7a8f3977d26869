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
import { takeTurn } from './rateLimit';
import { commonRefusals, isPage, type Refusals } from './refusals';

/** In ms; doubles with each attempt that Kommo gives no `Retry-After` for */
const FIRST_PAUSE = 200;

const RECONNECT = 'If this keeps happening, reconnect the credential.';

export interface Request {
	/**
	 * Gives an answer of any status; throws when there is none.
	 *
	 * @param timeout in ms
	 */
	send(timeout: number): Promise<IN8nHttpFullResponse>;
	/** Renews the token that Kommo refused to a request sent at this time, by `now()`: with OAuth2 only */
	renewToken?(sent: number): Promise<void>;
	/**
	 * For what Kommo must not do twice: what to say when Kommo may have done it. Such a request is sent
	 * again only if Kommo certainly did not take it.
	 */
	uncertain?: string;
	/** Whether it is one of many, and lets those in a hurry go first */
	bulk?: boolean;
	refusals?: Refusals;
}

/** What Kommo gave */
export interface Answer {
	/** Nothing when Kommo has nothing to give (204, 202) */
	body: JsonMap | undefined;
	/** Kommo's clock, in Unix seconds, if it says */
	date: number | undefined;
}

interface Answered {
	status: number;
	body: Json;
	headers: Record<string, unknown>;
}

/** Why an attempt failed */
interface Failure {
	error: KommoApiError;
	mayPass: boolean;
}

/**
 * Sends a request, within the rate limit, until Kommo answers it. What may pass (429, 5xx, a broken
 * connection) is tried again as long as there is time, and a 401 once with a renewed token.
 *
 * @throws KommoApiError, UncertainError, at the deadline or before it
 */
export async function sendUntilAnswered(request: Request, limits: RetryLimits): Promise<Answer> {
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

		const { error, mayPass } = toFailure(answer, request);
		const wait = ('status' in answer && retryAfter(answer)) || pause;
		if (!mayPass || now() + wait >= deadline) throw error;
		last = error;
		await sleep(wait);
		pause *= 2;
	}
}

async function attempt(
	{ send }: Request,
	{ deadline, answerWithin }: RetryLimits,
): Promise<Answered | NoAnswer | 'late'> {
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

/** One renewal is enough: a token that Kommo refuses then, it refuses for good. */
async function renew(
	request: Request,
	sent: number,
	limits: RetryLimits,
): Promise<NoAnswer | undefined> {
	const tooLate = () => new KommoApiError(outOfTime(request, limits));
	// If the renewal fails, Kommo has refused the request itself.
	const renewal = request.renewToken!(sent).then(
		() => undefined,
		(error: unknown) => ({ ...toNoAnswer(error), maybeSent: false }),
	);
	return await beforeDeadline(renewal, limits.deadline, tooLate);
}

function toFailure(answer: Answered | NoAnswer, request: Request): Failure {
	const { uncertain, refusals = commonRefusals, renewToken } = request;
	if (uncertain && mayBeDone(answer)) {
		return { error: new UncertainError(uncertain, toRefused(answer)), mayPass: false };
	}
	if (!('status' in answer)) {
		const isUnconnected = renewToken && answer.problem === CREDENTIAL_UNUSABLE;
		const problem = isUnconnected ? NOT_CONNECTED : answer.problem;
		return { error: new KommoApiError(problem), mayPass: answer.mayPass };
	}
	const { status } = answer;
	const refused = { status, body: answer.body };
	const message = refusals(refused, renewToken ? 'oAuth2' : 'accessToken');
	const mayPass = status === 429 || status === 408 || status >= 499;
	return { error: new KommoApiError(message, refused), mayPass };
}

function toRefused(answer: Answered | NoAnswer) {
	return 'status' in answer ? { status: answer.status, body: answer.body } : undefined;
}

/** Only the statuses by which HTTP says that nothing was done are sure; 408, 499 and 5xx can come after the deed. */
function mayBeDone(answer: Answered | NoAnswer): boolean {
	if (!('status' in answer)) return answer.maybeSent;
	const { status } = answer;
	return status < 300 || status === 408 || (status > 431 && status !== 451);
}

function isSuccess({ status }: Answered): boolean {
	return status >= 200 && status < 300;
}

function retryAfter({ headers }: Answered): number | undefined {
	const seconds = Number(headers['retry-after']);
	return seconds > 0 ? seconds * 1000 : undefined;
}

function toAnswer({ status, body, headers }: Answered, request: Request): Answer {
	const { uncertain, refusals = commonRefusals } = request;
	const date = Date.parse(String(headers.date)) / 1000 || undefined;
	if (status === 204 || (status === 202 && body === '')) return { body: undefined, date };
	if (isMap(body)) return { body, date };
	if (uncertain) throw new UncertainError(uncertain);
	const refused = { status, body };
	throw isPage(refused)
		? new KommoApiError(refusals(refused), refused)
		: new KommoApiError(UNEXPECTED_ANSWER);
}

function outOfTime({ renewToken }: Request, { outOfTime: sentence = OUT_OF_TIME }: RetryLimits) {
	return renewToken ? `${sentence} ${RECONNECT}` : sentence;
}
