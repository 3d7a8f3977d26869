import { readAccount, toAccountHost, type Account } from '../../../credentials/accountAddress';
import type { KommoEvent } from './event';
import { isMap, type Json } from './json';

/**
 * In characters. No account has a longer address. Reading a huge one for each of many events would take
 * minutes.
 */
const MAX_LENGTH = 300;

/**
 * The account that an event says it comes from: by `_links`, which name the host, or else by the subdomain.
 * Nothing if the event names no account. An empty subdomain if the value cannot be one, such as a map.
 */
export function senderOf({ account }: KommoEvent): Account | undefined {
	if (!isMap(account)) return undefined;
	const address = isMap(account._links) ? toText(account._links.self) : undefined;
	if (address !== undefined && toAccountHost(address)) return readAccount(address);
	if (account.subdomain === undefined) return undefined;
	return readAccount(toText(account.subdomain) ?? '');
}

function toText(value: Json | undefined): string | undefined {
	if (typeof value !== 'string' && typeof value !== 'number') return undefined;
	const text = String(value);
	return text.length > MAX_LENGTH ? undefined : text;
}
