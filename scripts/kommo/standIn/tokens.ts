import { json, type Answer } from './answers';

export const ACCESS_TOKEN = 'long-lived-token-of-acme';

/** The access tokens of the account, and its OAuth2 server */
export class Tokens {
	readonly accepted = new Set([ACCESS_TOKEN]);

	/** Each can be used for one renewal */
	readonly usedRefreshTokens = new Set<string>();

	/** Refresh tokens rotate: `refresh-1` gives `access-2` and `refresh-2`. A code begins at 10. */
	give(form: URLSearchParams): Answer {
		const refreshToken = form.get('refresh_token') ?? '';
		const isUsed = this.usedRefreshTokens.has(refreshToken);
		this.usedRefreshTokens.add(refreshToken);
		const generation =
			form.get('code') === 'code-of-ana'
				? 10
				: Number(/^refresh-(\d+)$/.exec(refreshToken)?.[1]) + 1;
		if (!generation || isUsed || form.get('client_secret') !== 'client-secret') {
			return json(400, { hint: 'Token has been revoked', status: 400 });
		}
		this.accepted.add(`access-${generation}`);
		return {
			statusCode: 200,
			headers: { 'content-type': 'application/json; charset=UTF-8' },
			body: JSON.stringify({
				token_type: 'Bearer',
				expires_in: 86400,
				access_token: `access-${generation}`,
				refresh_token: `refresh-${generation}`,
			}),
		};
	}
}
