/** Why Kommo's API gave nothing, as a sentence for the user, with how to go on and without a secret. */
export class KommoApiError extends Error {}

export const NO_AUTHENTICATION =
	'This needs access to Kommo. Choose an authentication and a credential in the trigger.';

export const CREDENTIAL_UNUSABLE =
	'The credential could not be used. Choose one in the trigger, or reconnect it if it is an OAuth2 credential.';

export const NONSENSE =
	"Kommo's API answered with something that is not of its kind. Check the account address in the credential, and try again later.";

export const OUT_OF_TIME =
	"Kommo's API took longer than the time limit for enrichment. Raise the limit in the options of the trigger, or get the data with a node of its own. If it goes on with an OAuth2 credential, reconnect that.";

export const UNREACHABLE =
	"Kommo's API could not be reached. Check the network of n8n and the account address in the credential.";

const PROBLEMS: Record<number, string> = {
	401: "Kommo's API refused the credential (401). Check that its token is valid and belongs to this account; reconnect an OAuth2 credential.",
	403: "Kommo's API does not let the credential see this (403). Give its user the right to see it, or use the credential of another user.",
	404: "Kommo's API has no such account or record (404). Check the account address in the credential.",
	429: "Kommo's API had too many requests (429) for as long as there was time. Enrich fewer events, or have fewer workflows ask at once.",
};

export function describeStatus(status: number): string {
	return (
		PROBLEMS[status] ??
		`Kommo's API failed with status ${status}. Check the account address in the credential, and try again later.`
	);
}
