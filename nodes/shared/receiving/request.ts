import type { IWebhookFunctions } from 'n8n-workflow';

/** The parts of n8n's request that have the body. n8n itself parses a multipart body, into `body.data`. */
export type WebhookRequest = Pick<
	ReturnType<IWebhookFunctions['getRequestObject']>,
	'body' | 'contentType' | 'rawBody' | 'readRawBody'
>;

type Fields = Record<string, string | string[]>;

/**
 * The whole body of a request as text: n8n's own parser stops at 1,000 keys of a form without a word. n8n has
 * consumed the bytes of a multipart body, so this gives a form with the same fields.
 *
 * @throws what n8n's `readRawBody` throws: the body is over n8n's size limit, its compression is
 * broken, or the sender went away
 */
export async function readBody(request: WebhookRequest): Promise<string> {
	if (request.contentType === 'multipart/form-data') {
		const { data = {} } = (request.body ?? {}) as { data?: Fields };
		return toForm(data);
	}
	// n8n leaves a body unread when it does not know the content type.
	await request.readRawBody();
	return new TextDecoder().decode(request.rawBody);
}

function toForm(fields: Fields): string {
	const pairs = Object.entries(fields).flatMap(([name, values]) =>
		[values].flat().map((value): [string, string] => [name, value]),
	);
	return new URLSearchParams(pairs).toString();
}
