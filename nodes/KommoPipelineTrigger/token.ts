import { createHash, timingSafeEqual } from 'node:crypto';

/** Of the token in the URL, the only secret that a request can bring */
export const MIN_TOKEN_LENGTH = 16;

/** What is wrong with a token and how to go on, as a sentence; nothing when it is strong enough. */
export function findTokenProblem(token: string): string | undefined {
	if (token.length >= MIN_TOKEN_LENGTH) return undefined;
	return (
		`The webhook token has ${token.length} characters and needs at least ${MIN_TOKEN_LENGTH}. ` +
		'Put a longer random one into the credential, and the same one behind ?token= in the URL in Kommo.'
	);
}

/** Whether the URL's `token` is the credential's. Takes as long for a nearly right one as for any other. */
export function isTokenValid(given: unknown, token: string): boolean {
	return typeof given === 'string' && token !== '' && timingSafeEqual(digest(given), digest(token));
}

/** Digests have one length, which timingSafeEqual asks for, and tell nothing of the token's. */
function digest(text: string): Buffer {
	return createHash('sha256').update(text).digest();
}
