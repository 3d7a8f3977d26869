import type { KommoEvent } from './event';
import { isMap } from './json';

/**
 * What people have at hand for their account: `acme`, `acme.kommo.com`, the address of one of its
 * pages. A host of any other domain does not match: a token must never be sent there.
 */
const ADDRESS =
	/^(?:https?:\/\/)?([a-z0-9][a-z0-9-]*)(?:\.(kommo\.com|amocrm\.com|amocrm\.ru))?(?:[/?#].*)?$/;

export const ADDRESS_EXPECTED =
	'The account address must be that of a Kommo account, such as acme, acme.kommo.com, acme.amocrm.com or acme.amocrm.ru. Correct it in the credential.';

/** The host of the account at this address, e.g. `acme.kommo.com`; nothing if it is not one of Kommo's. */
export function toAccountHost(address: string): string | undefined {
	const [, name, domain = 'kommo.com'] = ADDRESS.exec(address.trim().toLowerCase()) ?? [];
	return name && `${name}.${domain}`;
}

/** The account's subdomain in lower case, from an address or the subdomain itself, e.g. `acme` */
export function toSubdomain(address: string): string {
	return toAccountHost(address)?.split('.')[0] ?? address.trim().toLowerCase();
}

/** `toAccountHost` as an n8n expression over a credential's `account`, for the URLs of its OAuth2. */
export const ACCOUNT_HOST_EXPRESSION = `{{ (([, name, domain = 'kommo.com']) => name ? name + '.' + domain : 'account-address-is-not-one-of-kommo.invalid')(($self.account ?? '').trim().toLowerCase().match(${ADDRESS}) ?? []) }}`;

/** The site on which the account's users sign in, as an n8n expression. */
export const SIGN_IN_HOST_EXPRESSION = `{{ 'www.' + ((($self.account ?? '').trim().toLowerCase().match(${ADDRESS}) ?? [])[2] ?? 'kommo.com') }}`;

/** No name of a host is longer. */
const MAX_HOST_LENGTH = 253;

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
	return subdomain.length > MAX_HOST_LENGTH ? '' : toSubdomain(subdomain);
}
