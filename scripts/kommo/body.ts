import { ACCOUNT_ID } from './accountRecords';
import type { SimulatedEvent } from './events';
import { httpBuildQuery } from './httpBuildQuery';

export interface BodyOptions {
	id?: number;
	records?: number;
	fields?: Record<string, number>;
}

/**
 * Writes the body that Kommo sends for the event.
 *
 * @param options.id the id of the first record; the next records have the next ids
 * @param options.fields replace fields that a record has
 */
export function makeBody(simulated: SimulatedEvent, options?: BodyOptions): string {
	const { entity, action, source } = simulated;
	const event = { [entity]: { [action]: makeRecords(simulated, options) } };
	const subdomain = 'acme';
	const links = { _links: { self: `https://${subdomain}.kommo.com` } };
	// The order is as recorded, from the account-wide webhooks since 2023 and from the digital pipeline.
	return httpBuildQuery(
		source === 'account'
			? { account: { subdomain, id: ACCOUNT_ID, ...links }, ...event }
			: { ...event, account: { id: ACCOUNT_ID, subdomain, ...links } },
	);
}

/** The records of that body */
export function makeRecords(
	{ sampleId, makeRecord }: SimulatedEvent,
	{ id = sampleId, records = 1, fields = {} }: BodyOptions = {},
): object[] {
	return Array.from({ length: records }, (_, index) =>
		replaceFields(makeRecord(id + index), fields),
	);
}

function replaceFields(record: object, fields: Record<string, number>): object {
	const own = Object.entries(fields).filter(([name]) => name in record);
	return { ...record, ...Object.fromEntries(own) };
}
