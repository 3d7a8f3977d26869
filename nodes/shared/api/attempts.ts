import { sleep, type IN8nHttpFullResponse } from 'n8n-workflow';

import { isMap, type Json, type JsonMap } from '../json';
import {
	CREDENTIAL_UNUSABLE,
	describeStatus,
	KommoApiError,
	NONSENSE,
	OUT_OF_TIME,
	UNREACHABLE,
} from './problem';
import { reserveRequest } from './rateLimit';

/** In ms; doubles with each attempt that Kommo gives no `Retry-After` for */
const FIRST_PAUSE = 200;

const NETWORK_ERROR = /^(E[A-Z]+|ERR_[A-Z_]+|UND_ERR_[A-Z_]+)$/;

/** Who waits for an answer, and how long */
export interface Patience {
	/** Time in ms at which the answer is no longer of use */
	deadline: number;
	/** Told before each further attempt why the one before failed, as a sentence */
	onFailure?(problem: string): void;
}

export interface Request extends Patience {
	host: string;
	/** Gives an answer of any status; throws when there is none */
	send(): Promise<IN8nHttpFullResponse>;
	/** Renews an expired token, where the credential has one to renew it with */
	renewToken?(): Promise<unknown>;
}

/**
 * Sends a request, within the account's rate limit, until Kommo answers it: what may pass (429, 5xx, a broken
 * connection) is tried again as long as there is time, and a 401 once with a renewed token.
 *
 * @returns the body; nothing when Kommo has nothing to give (204)
 * @throws KommoApiError
 */
export async function sendUntilAnswered(request: Request): Promise<JsonMap | undefined> {
	let { renewToken } = request;
	let failure: string | undefined;
	for (let pause = FIRST_PAUSE; ; pause *= 2) {
		const { status, body, retryAfter, problem } = await sendOnce(request);
		// What Kommo answered says more than that it was asked again until the time was over.
		if (problem === OUT_OF_TIME) throw new KommoApiError(failure ?? problem);
		if (problem) throw new KommoApiError(problem);
		if (status === 204) return undefined;
		if (status === 200) {
			if (isMap(body)) return body;
			throw new KommoApiError(NONSENSE);
		}
		if (status === 401 && renewToken) {
			await renewToken().catch(() => {
				throw new KommoApiError(CREDENTIAL_UNUSABLE);
			});
			renewToken = undefined;
			continue;
		}
		const mayPass = status === undefined || status === 429 || status >= 500;
		const next = Date.now() + (retryAfter ?? pause);
		failure = status === undefined ? UNREACHABLE : describeStatus(status);
		if (!mayPass || next >= request.deadline) throw new KommoApiError(failure);
		request.onFailure?.(failure);
		await sleep(next - Date.now());
	}
}

interface Answer {
	/** Nothing when the connection broke */
	status?: number;
	body?: Json;
	/** In ms */
	retryAfter?: number;
	/** What makes another attempt useless */
	problem?: string;
}

async function sendOnce({ host, deadline, send }: Request): Promise<Answer> {
	const now = Date.now();
	const due = reserveRequest(host, now, deadline);
	if (due === undefined) return { problem: OUT_OF_TIME };
	if (due > now) await sleep(due - now);

	try {
		const { statusCode, body, headers } = await send();
		const seconds = Number(headers['retry-after']);
		return {
			status: statusCode,
			body: body as Json,
			...(seconds > 0 && { retryAfter: seconds * 1000 }),
		};
	} catch (error) {
		if (Date.now() >= deadline) return { problem: OUT_OF_TIME };
		return isNetworkError(error) ? {} : { problem: CREDENTIAL_UNUSABLE };
	}
}

/**
 * n8n wraps what the connection threw; everything else that it throws is about the credential. The wrap of
 * n8n 1.x has no cause, and the connection's code as its `httpCode`.
 */
function isNetworkError(error: unknown): boolean {
	for (let cause = error; cause instanceof Error; cause = cause.cause) {
		const { code, httpCode } = cause as { code?: unknown; httpCode?: unknown };
		if ([code, httpCode].some(isNetworkCode)) return true;
	}
	return false;
}

function isNetworkCode(code: unknown): boolean {
	return typeof code === 'string' && NETWORK_ERROR.test(code);
}
