import { randomBytes } from 'node:crypto';

/** Of 32 hexadecimal digits */
const TOKEN_BYTES = 16;

/** The webhook URL with a token that only Kommo gets to know. */
export function addToken(url: string): string {
	return `${url}?token=${randomBytes(TOKEN_BYTES).toString('hex')}`;
}

/** The token in a registered address; an empty string if there is none. */
export function tokenOf(address: string): string {
	return new URLSearchParams(address.slice(withoutQuery(address).length)).get('token') ?? '';
}

export function withoutQuery(address: string): string {
	return address.split('?', 1)[0]!;
}
