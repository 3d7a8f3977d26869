import type { Json } from '../events/json';

/** What Kommo answered to a request that it refused */
export interface RefusedAnswer {
	status: number;
	body: Json;
}

/**
 * Why a request to Kommo's API failed. The message is for the user: it says what to do, and contains no
 * secret.
 */
export class KommoApiError extends Error {
	/** @param answer if Kommo gave one */
	constructor(
		message: string,
		readonly answer?: RefusedAnswer,
	) {
		super(message);
	}
}

/** A request that must not be carried out twice failed, and Kommo may have carried it out. */
export class UncertainError extends KommoApiError {}

export const NO_AUTHENTICATION =
	'This needs access to Kommo. In the trigger, choose Access Token or OAuth2 under Access to Kommo (Optional), and a credential.';

export const CREDENTIAL_UNUSABLE =
	'The credential could not be used. Choose one in the node. If one is chosen, check that it is complete.';

/** For an OAuth2 credential whose token n8n cannot get or renew */
export const NOT_CONNECTED = 'The credential could not be used. Reconnect it.';

export const CERTIFICATE_REFUSED =
	"n8n does not trust the certificate that it got from Kommo's API. Check the clock of n8n's machine. If a proxy reads its traffic, name the proxy's certificate in NODE_EXTRA_CA_CERTS.";

export const UNEXPECTED_ANSWER =
	"Kommo's API gave an unexpected answer. Check the account address in the credential, and try again later.";

export const OUT_OF_TIME =
	"Kommo's API took longer than the time limit for enrichment. Raise Enrichment Time Limit where the trigger has that option, or get the data with an HTTP Request node.";

/** All nodes of an n8n process share Kommo's limit, so others may have used it up. */
export const NO_TURN =
	'Kommo takes 7 requests a second, and this one did not get its turn in time. Let fewer workflows ask at once, or enrich fewer events.';

export function slowerThan(seconds: number): string {
	return `Kommo's API took longer than ${seconds} seconds. Try again later.`;
}

/** For requests that have no time limit set by the user */
export const SLOW = slowerThan(10);

export const UNREACHABLE =
	"Kommo's API could not be reached. Check the network of n8n and the account address in the credential.";

/** The sentence of a KommoApiError; any other error is a bug in this package. */
export function describeError(error: unknown): string {
	if (error instanceof KommoApiError) return error.message;
	return `n8n-nodes-kommo-pipeline itself failed with an unexpected error (${String(error)}). Please report it at https://github.com/n8n-nodes-kommo-pipeline/n8n-nodes-kommo-pipeline/issues.`;
}
