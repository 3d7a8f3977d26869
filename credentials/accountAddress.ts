export const ADDRESS_EXPECTED =
	'The account address must be that of a Kommo account, such as acme, acme.kommo.com, acme.amocrm.com or acme.amocrm.ru. Correct it in the credential.';

/**
 * The host of an account, e.g. `acme.kommo.com`. People enter `acme`, `acme.kommo.com` or the address of a
 * page. Gives nothing for a host of any other domain: a token must never be sent there. The OAuth2 credential
 * also calls this in n8n's expressions.
 */
export const toAccountHost = (address: string): string | undefined => {
	const pattern =
		/^(?:https?:\/\/)?([a-z0-9][a-z0-9-]*)(?:\.(kommo\.com|amocrm\.com|amocrm\.ru))?(?:[/?#].*)?$/;
	const [, name, domain = 'kommo.com'] = address.trim().toLowerCase().match(pattern) ?? [];
	return name && `${name}.${domain}`;
};

/** The site on which the users of the account at this host sign in, e.g. `www.kommo.com` */
export const toSignInHost = (host: string | undefined): string =>
	`www.${(host ?? 'acme.kommo.com').split('.').slice(1).join('.')}`;

/**
 * Whether this is a host on which Kommo stores files of the account, e.g. `drive-b.kommo.com`. It has the
 * same domain as the account.
 */
export function isDriveHost(host: string, accountHost: string): boolean {
	const [name, ...domain] = host.toLowerCase().split('.');
	return /^drive[-a-z0-9]*$/.test(name!) && domain.join('.') === toDomain(accountHost);
}

function toDomain(accountHost: string): string {
	return accountHost.split('.').slice(1).join('.');
}

/** An account as people or events name it */
export interface Account {
	/** In lower case, e.g. `acme` */
	subdomain: string;
	/**
	 * The site of the account; nothing if only the subdomain is known. Kommo's former domain amocrm.com counts
	 * as kommo.com.
	 */
	site?: 'kommo.com' | 'amocrm.ru';
}

/**
 * The account that an address or a subdomain names. If the text is neither, all of it counts as the
 * subdomain.
 */
export function readAccount(address: string): Account {
	const text = address.trim().toLowerCase();
	const host = toAccountHost(text);
	if (!host) return { subdomain: text };
	const subdomain = host.split('.')[0]!;
	if (!text.includes(host)) return { subdomain };
	return { subdomain, site: host.endsWith('.ru') ? 'amocrm.ru' : 'kommo.com' };
}

/** Whether both can be the same account. The sites are compared only if both are known. */
export function isSameAccount(one: Account, other: Account): boolean {
	const isSameSite = !one.site || !other.site || one.site === other.site;
	return one.subdomain === other.subdomain && isSameSite;
}

/** The account's subdomain in lower case, from an address or the subdomain itself, e.g. `acme` */
export function toSubdomain(address: string): string {
	return readAccount(address).subdomain;
}
