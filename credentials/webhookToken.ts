/** In characters. The token in the URL is the only secret that a request of Kommo can have. */
export const MIN_TOKEN_LENGTH = 16;

/** What is wrong with a token and how to go on, as a sentence; nothing when it is strong enough. */
export function findTokenProblem(token: string): string | undefined {
	if (token.length >= MIN_TOKEN_LENGTH) return undefined;
	return (
		`The webhook token is too short: it needs at least ${MIN_TOKEN_LENGTH} characters, not ${token.length}. ` +
		'Put a longer random one into the credential, and use the same token after ?token= in the URL in Kommo.'
	);
}
