import { ACCOUNT_ID } from './accountRecords';
import type { SimulatedEvent } from './events';
import { httpBuildQuery } from './httpBuildQuery';

/**
 * Writes the body that Kommo sends for the event.
 *
 * @param options.id of the first record; those of the others follow it
 */
export function makeBody(
	{ entity, action, source, sampleId, makeRecord }: SimulatedEvent,
	{ id = sampleId, records = 1 }: { id?: number; records?: number } = {},
): string {
	const list = Array.from({ length: records }, (_, index) => makeRecord(id + index));
	const event = { [entity]: { [action]: list } };
	const subdomain = 'acme';
	const links = { _links: { self: `https://${subdomain}.kommo.com` } };
	// In this order, as recorded of the account-wide webhooks since 2023, and of the digital pipeline.
	return httpBuildQuery(
		source === 'account'
			? { account: { subdomain, id: ACCOUNT_ID, ...links }, ...event }
			: { ...event, account: { id: ACCOUNT_ID, subdomain, ...links } },
	);
}
