import { makeRecords, type BodyOptions } from '../kommo/body';
import type { SimulatedEvent } from '../kommo/events';
import { toListed } from '../kommo/listed';
import { postAsKommo } from '../kommo/request';
import { DEMO_ORIGIN, EVENTS_URL } from '../n8n/demo';

/**
 * Puts the event into the list of events of Kommo's stand-in, which Kommo Polling Trigger reads, if `npm start`
 * runs one beside the n8n at this URL.
 *
 * @returns whether the event now stands there
 */
export async function listEvent(
	url: string,
	event: SimulatedEvent,
	options: BodyOptions,
): Promise<boolean> {
	if (new URL(url).origin !== DEMO_ORIGIN) return false;
	const listed = makeRecords(event, options).flatMap((record) => toListed(event, record) ?? []);
	if (listed.length === 0) return false;
	const answer = await postAsKommo(EVENTS_URL, JSON.stringify(listed)).catch(() => undefined);
	return answer?.ok ?? false;
}
