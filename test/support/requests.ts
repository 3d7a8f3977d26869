import { makeBody } from '../../scripts/kommo/body';
import { findEvent } from '../../scripts/kommo/events';
import { post, type Outcome } from '../../scripts/simulate/outcome';
import { sendOnSchedule } from '../../scripts/simulate/schedule';
import type { Tally } from './tally';

/** What became of the request about that lead */
export interface LeadOutcome extends Pick<Outcome, 'result' | 'ms'> {
	lead: number;
}

/** @param patience after how many ms the sender hangs up */
async function postLead(url: string, lead: number, patience = 5 * 60_000): Promise<LeadOutcome> {
	const body = makeBody(findEvent('status')!, { id: lead });
	return { lead, ...(await post(url, body, patience)) };
}

/** Sends a request for each lead, all of them at once, and waits for the answers. */
export async function sendAtOnce(
	url: string,
	leads: number[],
	tally: Tally,
	patience?: number,
): Promise<void> {
	await Promise.all(leads.map((lead) => tally.follow(lead, postLead(url, lead, patience))));
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
): Promise<void> {
	await sendOnSchedule(leads, perSecond, async (lead) => {
		await tally.follow(lead, postLead(url, lead));
	});
}
