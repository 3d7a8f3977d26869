import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether the URL's `token` is the right one. Takes as long for a nearly right one as for any other. */
export function isTokenValid(given: unknown, token: string): boolean {
	return typeof given === 'string' && token !== '' && timingSafeEqual(digest(given), digest(token));
}

/** Digests have one length, which timingSafeEqual asks for, and tell nothing of the token's. */
function digest(text: string): Buffer {
	return createHash('sha256').update(text).digest();
}
