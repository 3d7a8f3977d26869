import { sleep, type IN8nHttpFullResponse } from 'n8n-workflow';

import type { Json, JsonMap } from '../tree';
import { isMap } from '../tree';
import { describeStatus, KommoApiError, NONSENSE, OUT_OF_TIME } from './problem';
import { takeTurn } from './turns';

/** In ms; doubles with each attempt that Kommo gives no `Retry-After` for */
const FIRST_PAUSE = 200;

/**
 * Sends a request in the account's turns until Kommo answers it: what may pass (429, 5xx, no answer at all) is
 * tried again as long as there is time.
 *
 * @param deadline time in ms at which the answer is no longer of use
 * @throws KommoApiError
 */
export async function sendUntilAnswered(
	host: string,
	deadline: number,
	send: () => Promise<IN8nHttpFullResponse>,
): Promise<JsonMap> {
	for (let pause = FIRST_PAUSE; ; pause *= 2) {
		await waitForTurn(host, deadline);
		const { status, body, retryAfter } = await attempt(send);
		if (status === 204) return {};
		if (status === 200) {
			if (isMap(body)) return body;
			throw new KommoApiError(NONSENSE);
		}
		const mayPass = status === undefined || status === 429 || status >= 500;
		const next = Date.now() + (retryAfter ?? pause);
		if (status === undefined && Date.now() >= deadline) throw new KommoApiError(OUT_OF_TIME);
		if (!mayPass || next >= deadline) throw new KommoApiError(describeStatus(status));
		await sleep(next - Date.now());
	}
}

async function waitForTurn(host: string, deadline: number): Promise<void> {
	const now = Date.now();
	const turn = takeTurn(host, now, deadline);
	if (turn === undefined) throw new KommoApiError(OUT_OF_TIME);
	if (turn > now) await sleep(turn - now);
}

interface Answer {
	/** Nothing when Kommo could not be reached */
	status?: number;
	body?: Json;
	/** In ms */
	retryAfter?: number;
}

async function attempt(send: () => Promise<IN8nHttpFullResponse>): Promise<Answer> {
	try {
		const { statusCode, body, headers } = await send();
		const seconds = Number(headers['retry-after']);
		return {
			status: statusCode,
			body: body as Json,
			...(seconds > 0 && { retryAfter: seconds * 1000 }),
		};
	} catch (error) {
		// n8n puts the status of an answer into `httpCode`; what else it throws has a code like ECONNRESET.
		const status = Number((error as { httpCode?: unknown }).httpCode);
		return status > 0 ? { status } : {};
	}
}
