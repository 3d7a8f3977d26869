import type { CompletedRequest } from 'mockttp';

import type { Answer } from '../../scripts/kommo/standIn/answers';

export const CHAT_HOST = 'chat.example.com';

/** A chat's incoming webhook, at the address of the example `won-lead-to-team.json`. */
export class ChatStandIn {
	/** The messages that it has shown, the oldest first */
	readonly messages: string[] = [];

	/** How many requests it refuses before it takes one */
	failures = 0;

	async answer(request: CompletedRequest): Promise<Answer> {
		if (this.failures > 0) {
			this.failures--;
			return { statusCode: 500 };
		}
		const body = (await request.body.getJson()) as { text?: unknown } | undefined;
		const isMessage =
			request.method === 'POST' &&
			request.url === `https://${CHAT_HOST}/your-incoming-webhook` &&
			typeof body?.text === 'string';
		if (!isMessage) return { statusCode: 400, body: 'invalid_payload' };
		this.messages.push(String(body.text));
		return { statusCode: 200, body: 'ok' };
	}
}
