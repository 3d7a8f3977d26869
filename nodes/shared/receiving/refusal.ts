/** Why a request starts nothing: the HTTP status and the sentence that the sender gets. */
export interface Refusal {
	status: number;
	message: string;
}

export const NOT_KOMMO: Refusal = {
	status: 400,
	message:
		'This is not a webhook of Kommo: expected an entity, an action and its records, as in leads[status][0][id]=1&leads[status][0][status_id]=2&account[subdomain]=acme. In Kommo, choose "API: + Send webhook".',
};

export const TOO_MANY: Refusal = {
	status: 413,
	message:
		'This is more than Kommo sends at once: more than 10,000 records, or too many lists and maps. Send them in several requests.',
};

/** The refusal of a body that n8n could not read to its end. */
export function toRefusal(readError: unknown): Refusal {
	const isTooLarge = (readError as { status?: unknown } | null)?.status === 413;
	return isTooLarge
		? { status: 413, message: 'The body is larger than n8n accepts (N8N_PAYLOAD_SIZE_MAX).' }
		: {
				status: 400,
				message: 'The body could not be read to its end. Send the complete request again.',
			};
}
