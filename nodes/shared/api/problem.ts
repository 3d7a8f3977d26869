import type { Json } from '../events/json';

/** What Kommo answered to a request that it refused */
export interface RefusedAnswer {
	status: number;
	body: Json;
}

/** Why Kommo's API gave nothing, as a sentence for the user, with how to go on and without a secret. */
export class KommoApiError extends Error {
	/** @param answer if Kommo gave one */
	constructor(
		message: string,
		readonly answer?: RefusedAnswer,
	) {
		super(message);
	}
}

/** Kommo may or may not have done what it must not do twice. */
export class UncertainError extends KommoApiError {}

export const NO_AUTHENTICATION =
	'This needs access to Kommo. In the trigger, choose Access Token or OAuth2 under Access to Kommo, and a credential.';

export const CREDENTIAL_UNUSABLE =
	'The credential could not be used. Choose one in the node. If one is chosen, look whether it is complete.';

/** The same of an OAuth2 credential, whose token n8n cannot get or renew */
export const NOT_CONNECTED = 'The credential could not be used. Reconnect it.';

export const CERTIFICATE_REFUSED =
	"n8n does not trust the certificate that it got from Kommo's API. Check the clock of n8n's machine. If a proxy reads its traffic, name the proxy's certificate in NODE_EXTRA_CA_CERTS.";

export const UNEXPECTED_ANSWER =
	"Kommo's API gave an unexpected answer. Check the account address in the credential, and try again later.";

export const OUT_OF_TIME =
	"Kommo's API took longer than the time limit for enrichment. Raise Enrichment Time Limit where the trigger has that option, or get the data with an HTTP Request node.";

/** Kommo's limit is for all nodes of an n8n process, so others may have taken the turns. */
export const NO_TURN =
	'Kommo takes 7 requests a second, and this one did not get its turn in time. Let fewer workflows ask at once, or enrich fewer events.';

export function slowerThan(seconds: number): string {
	return `Kommo's API took longer than ${seconds} seconds. Try again later.`;
}

/** For requests that nobody waits for as long as a time limit of the user's */
export const SLOW = slowerThan(10);

export const UNREACHABLE =
	"Kommo's API could not be reached. Check the network of n8n and the account address in the credential.";

/** The sentence of a KommoApiError; anything else that is thrown is a mistake in this package. */
export function describeError(error: unknown): string {
	if (error instanceof KommoApiError) return error.message;
	return `n8n-nodes-kommo-pipeline itself failed with an unexpected error (${String(error)}). Please report it at https://github.com/n8n-nodes-kommo-pipeline/n8n-nodes-kommo-pipeline/issues.`;
}
