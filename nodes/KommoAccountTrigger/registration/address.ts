import { randomBytes } from 'node:crypto';

/** Of 32 hexadecimal digits */
const TOKEN_BYTES = 16;

/** A token that only Kommo gets to know. */
export function makeToken(): string {
	return randomBytes(TOKEN_BYTES).toString('hex');
}

/**
 * The address to register: what Kommo tries again at an earlier one has the same token.
 *
 * @param serial tells it apart from the earlier addresses of this trigger
 */
export function makeAddress(url: string, token: string, serial: number): string {
	return `${url}?token=${token}&n=${serial}`;
}

/** 0 without one */
export function serialOf(address: string): number {
	const serial = Number(new URLSearchParams(address.split('?')[1]).get('n'));
	return Number.isSafeInteger(serial) ? serial : 0;
}

/** An address without its query is the URL of one trigger: n8n's webhook URLs are UUIDs. */
export function isOwn(address: string, url: string): boolean {
	return withoutQuery(address) === url;
}

export function withoutQuery(address: string): string {
	return address.split('?', 1)[0]!;
}

/** The text without tokens, as it may be shown */
export function hideTokens(text: string): string {
	return text.replace(/(\btoken(?:=|%3D))[^&\s"'<>]+/gi, '$1...').replace(/[\da-f]{32}/gi, '...');
}
