import { request } from 'node:http';

import { readRequest } from '../../scripts/example';
import type { Tally } from './tally';

/** What became of one request, by the lead that it is about */
export interface Answer {
	lead: number;
	/** From opening the connection to the answer's end */
	ms: number;
	/** None when the connection ended without an answer */
	status?: number;
}

const TEMPLATE = readRequest('status');
const TEMPLATE_LEAD = '4831596';

/** The body of a stage change of that lead, as Kommo writes it. */
export function writeStageChange(lead: number): string {
	return TEMPLATE.replace(TEMPLATE_LEAD, String(lead));
}

/** Posts a stage change of that lead over a connection of its own, as Kommo does. */
export async function post(url: string, lead: number): Promise<Answer> {
	const started = performance.now();
	const body = writeStageChange(lead);
	const status = await new Promise<number | undefined>((resolve) => {
		const sending = request(url, {
			method: 'POST',
			agent: false,
			headers: {
				'content-type': 'application/x-www-form-urlencoded',
				'content-length': Buffer.byteLength(body),
				'user-agent': 'amoCRM-Webhooks/3.0',
			},
		});
		sending.on('error', () => resolve(undefined));
		sending.on('response', (response) => {
			response.on('error', () => resolve(undefined));
			response.on('end', () => resolve(response.statusCode));
			response.resume();
		});
		sending.end(body);
	});
	return { lead, ms: performance.now() - started, status };
}

/** Sends a request for each lead, all of them at once, and waits for the answers. */
export async function sendAtOnce(url: string, leads: number[], tally: Tally): Promise<void> {
	await Promise.all(leads.map((lead) => tally.follow(lead, post(url, lead))));
}

/**
 * Sends a request for each lead at a steady rate, whether or not the earlier ones are answered, and
 * waits for the answers.
 */
export async function sendSteadily(
	url: string,
	leads: number[],
	perSecond: number,
	tally: Tally,
): Promise<void> {
	const started = performance.now();
	const answers: Array<Promise<void>> = [];
	for (const [index, lead] of leads.entries()) {
		const due = started + (index * 1_000) / perSecond;
		await new Promise((resolve) => setTimeout(resolve, due - performance.now()));
		answers.push(tally.follow(lead, post(url, lead)));
	}
	await Promise.all(answers);
}
