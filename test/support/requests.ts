import type { ClientRequest } from 'node:http';

import { openRequest } from '../../scripts/kommo/request';
import { sendOnSchedule } from '../../scripts/simulate/schedule';
import { makeBody } from '../../scripts/kommo/body';
import { findEvent } from '../../scripts/kommo/events';
import type { Outcome } from '../../scripts/simulate/outcome';
import type { Tally } from './tally';

/** What became of the request about that lead */
export interface LeadOutcome extends Pick<Outcome, 'result' | 'ms'> {
	lead: number;
}

interface Manner {
	/** The event of each lead; `status` when absent */
	eventOf?: (lead: number) => string;
	contentType?: string;
	/** After how many ms the sender hangs up; never when absent */
	patience?: number;
	/** Writes the body; when absent, the body is written at once */
	write?: (request: ClientRequest, body: string) => void;
}

/** The body of an event of that lead or customer, as Kommo writes it. */
function writeEvent(lead: number, event = 'status'): string {
	return makeBody(findEvent(event)!, { id: lead });
}

/** Posts a body over a connection of its own, as Kommo does. Gives the status, or the code of the error. */
export async function post(
	url: string,
	body: string,
	{ contentType, patience, write }: Manner = {},
): Promise<Outcome['result']> {
	return await new Promise((resolve) => {
		const fail = ({ name, code = name }: Error & { code?: string }) => resolve(code);
		const sending = openRequest(url, Buffer.byteLength(body), {
			contentType,
			signal: patience === undefined ? undefined : AbortSignal.timeout(patience),
		});
		sending.on('error', fail);
		sending.on('response', (response) => {
			response.on('error', fail);
			response.on('end', () => resolve(response.statusCode ?? 'none'));
			response.resume();
		});
		if (write) write(sending, body);
		else sending.end(body);
	});
}

/** Posts an event of that lead. */
export async function postLead(url: string, lead: number, manner?: Manner): Promise<LeadOutcome> {
	const started = performance.now();
	const result = await post(url, writeEvent(lead, manner?.eventOf?.(lead)), manner);
	return { lead, ms: performance.now() - started, result };
}

/** Sends a request for each lead, all of them at once, and waits for the answers. */
export async function sendAtOnce(
	url: string,
	leads: number[],
	tally: Tally,
	manner?: Manner,
): Promise<void> {
	await Promise.all(leads.map((lead) => tally.follow(lead, postLead(url, lead, manner))));
}

/**
 * Sends a request for each lead at a steady rate, whether or not earlier ones are answered. Waits for the
 * answers.
 */
export async function sendSteadily(
	url: string,
	leads: number[],
	perSecond: number,
	tally: Tally,
	manner?: Manner,
): Promise<void> {
	await sendOnSchedule(leads, perSecond, async (lead) => {
		await tally.follow(lead, postLead(url, lead, manner));
	});
}
