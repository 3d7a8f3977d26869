import { toSubdomain } from '../../../credentials/accountAddress';
import type { KommoEvent } from './event';
import { isMap } from './json';

/** No name of a host is longer. */
const MAX_HOST_LENGTH = 253;

/**
 * The subdomain of the account that an event says it comes from, e.g. `acme`. Nothing if the event names no
 * account. An empty string if the value cannot be a subdomain: a map, or a text so long that reading it for
 * each of many events would take minutes.
 */
export function senderOf({ account }: KommoEvent): string | undefined {
	const sent = isMap(account) ? account.subdomain : undefined;
	if (sent === undefined) return undefined;
	if (typeof sent !== 'string' && typeof sent !== 'number') return '';
	const subdomain = String(sent);
	return subdomain.length > MAX_HOST_LENGTH ? '' : toSubdomain(subdomain);
}
