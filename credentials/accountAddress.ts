export const ADDRESS_EXPECTED =
	'The account address must be that of a Kommo account, such as acme, acme.kommo.com, acme.amocrm.com or acme.amocrm.ru. Correct it in the credential.';

/**
 * The host of an account, e.g. `acme.kommo.com`, from what people have at hand for it: `acme`,
 * `acme.kommo.com`, the address of one of its pages. Nothing for a host of any other domain: a token must
 * never be sent there. The OAuth2 credential calls this in n8n's expressions too.
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

/** Whether the account at this host may have its files there, e.g. `drive-b.kommo.com`: Kommo's drives are of the same domain. */
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
	/** Where the account is; nothing if only its subdomain is named. Kommo's former domain counts as its own. */
	site?: 'kommo.com' | 'amocrm.ru';
}

/** The account that an address or a subdomain names. Its subdomain is the whole text if that is neither. */
export function readAccount(address: string): Account {
	const text = address.trim().toLowerCase();
	const host = toAccountHost(text);
	if (!host) return { subdomain: text };
	const subdomain = host.split('.')[0]!;
	if (!text.includes(host)) return { subdomain };
	return { subdomain, site: host.endsWith('.ru') ? 'amocrm.ru' : 'kommo.com' };
}

/** Whether these may be one account: their sites are compared only where both are named. */
export function isSameAccount(one: Account, other: Account): boolean {
	const isSameSite = !one.site || !other.site || one.site === other.site;
	return one.subdomain === other.subdomain && isSameSite;
}

/** The account's subdomain in lower case, from an address or the subdomain itself, e.g. `acme` */
export function toSubdomain(address: string): string {
	return readAccount(address).subdomain;
}
