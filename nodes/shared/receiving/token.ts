import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether the URL's `token` is the right one. Takes as long for a nearly right one as for any other. */
export function isTokenValid(given: unknown, token: string): boolean {
	return typeof given === 'string' && token !== '' && timingSafeEqual(digest(given), digest(token));
}

/** All digests have the same length, which timingSafeEqual needs, and do not tell the token's length. */
function digest(text: string): Buffer {
	return createHash('sha256').update(text).digest();
}
