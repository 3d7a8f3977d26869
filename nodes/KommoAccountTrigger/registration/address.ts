import { randomBytes } from 'node:crypto';

/** Of 32 hexadecimal digits */
const TOKEN_BYTES = 16;

/** Makes a token that only Kommo learns. */
export function makeToken(): string {
	return randomBytes(TOKEN_BYTES).toString('hex');
}

/**
 * The address to register. All addresses of a trigger have the same token, because Kommo may send again to an
 * earlier one.
 *
 * @param serial tells it apart from the earlier addresses of this trigger
 */
export function makeAddress(url: string, token: string, serial: number): string {
	return `${url}?token=${token}&n=${serial}`;
}

/** The serial of an address; 0 if it has none */
export function serialOf(address: string): number {
	const serial = Number(new URLSearchParams(address.split('?')[1]).get('n'));
	return Number.isSafeInteger(serial) ? serial : 0;
}

/**
 * Whether the address is one of this trigger. No other trigger has its URL, because n8n's webhook URLs
 * contain a UUID.
 */
export function isOwn(address: string, url: string): boolean {
	return withoutQuery(address) === url;
}

export function withoutQuery(address: string): string {
	return address.split('?', 1)[0]!;
}

/** The text without tokens, so that it may be shown */
export function hideTokens(text: string): string {
	return text.replace(/(\btoken(?:=|%3D))[^&\s"'<>]+/gi, '$1...').replace(/[\da-f]{32}/gi, '...');
}
