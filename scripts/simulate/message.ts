import { postAsKommo } from '../kommo/request';
import { CHAT_PORT, CHAT_URL } from '../n8n/demo';
import { UsageError } from './arguments';

const NO_ANSWER =
	'(no answer in 20 s: look at Executions, or in the editor if you clicked a button there)';

/**
 * Writes a message as a customer to the n8n of `npm start -- --kommo`, and prints the conversation, with one
 * line for each message.
 *
 * @param words of the message, as the shell gives them
 */
export async function converse(words: string[]): Promise<void> {
	const text = words.join(' ').trim();
	if (!text) throw new UsageError('Say what the customer writes: npm run simulate -- message "Hi"');
	// `fetch` refuses some ports, such as 6000.
	const response = await postAsKommo(CHAT_URL, text).catch(() => undefined);
	if (!response) {
		throw new UsageError(
			`Nothing listens at port ${CHAT_PORT}. Run this in another terminal first (with the same PORT, if you set one): npm start -- --kommo`,
		);
	}
	if (!response.ok) throw new UsageError(await response.text());
	console.log(`Customer  ${text}`);
	const answers = (await response.json()) as string[];
	const lines = answers.length > 0 ? answers : [NO_ANSWER];
	for (const line of lines) console.log(`n8n       ${line}`);
}
