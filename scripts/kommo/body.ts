import { httpBuildQuery } from './httpBuildQuery';
import { ACCOUNT_ID } from './accountEvents';
import type { SimulatedEvent } from './events';

interface BodyOptions {
	/** Of the first record; those of the others follow it */
	id?: number;
	records?: number;
	/** The account that sends */
	subdomain?: string;
}

/** The body that Kommo sends for the event. */
export function makeBody(
	{ entity, action, source, sampleId, makeRecord }: SimulatedEvent,
	{ id = sampleId, records = 1, subdomain = 'acme' }: BodyOptions = {},
): string {
	const list = Array.from({ length: records }, (_, index) => makeRecord(id + index));
	const event = { [entity]: { [action]: list } };
	const links = { _links: { self: `https://${subdomain}.kommo.com` } };
	// In this order, as recorded of the general webhooks since 2023, and of the digital pipeline.
	return httpBuildQuery(
		source === 'account'
			? { account: { subdomain, id: ACCOUNT_ID, ...links }, ...event }
			: { ...event, account: { id: ACCOUNT_ID, subdomain, ...links } },
	);
}

/** Up to how many fields are shown */
const FIELDS = 50;

/** The form as a person reads it, a field on each line. */
export function describeBody(body: string): string {
	const fields = body.split('&');
	const lines = fields.slice(0, FIELDS).map((field) => `  ${decode(field)}`);
	const more = fields.length - lines.length;
	return [...lines, ...(more > 0 ? [`  ... and ${more} fields more`] : [])].join('\n');
}

function decode(text: string): string {
	return decodeURIComponent(text.replaceAll('+', ' '));
}
