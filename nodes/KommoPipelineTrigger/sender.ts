import { toSubdomain } from './api/account';
import type { KommoEvent } from './events';
import { isMap } from './tree';

/** No name of a host is longer. */
const MAX_LENGTH = 253;

/**
 * The subdomain of the account that an event says it comes from, e.g. `acme`. Empty when that can be
 * none: a map, which may not even have a text, or a text so long that reading it for each of many
 * events would take minutes. Nothing when the event names no account.
 */
export function senderOf({ account }: KommoEvent): string | undefined {
	const sent = isMap(account) ? account.subdomain : undefined;
	if (sent === undefined) return undefined;
	if (typeof sent !== 'string' && typeof sent !== 'number') return '';
	const subdomain = String(sent);
	return subdomain.length > MAX_LENGTH ? '' : toSubdomain(subdomain);
}
