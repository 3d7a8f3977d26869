import { refusals } from '../../shared/api/refusals';
import { NO_TALK } from '../../shared/api/talks';
import { startLimits } from '../limits';
import type { Operation } from './operation';

const UNCERTAIN =
	'Kommo did not confirm the message, so it may or may not have been sent. Look in the chat before you send it again.';

const REFUSALS = refusals({
	400: ['Kommo refused the message', 'Check the parameters of the node, then try again.'],
	402: [
		"Kommo's quota of messages is used up, or the account's plan has none",
		'Buy more messages or another plan in Kommo. Run Salesbot works without them.',
	],
	403: [
		'Kommo does not let the credential send messages',
		'Check that the integration has the scope "Sending to external chats", and that the user may see the chat. amoCRM does not offer this at all. Run Salesbot works without the scope.',
	],
	404: NO_TALK,
	422: [
		'Kommo refused the message',
		'If the talk is closed, it opens again when the customer writes.',
	],
});

/** Writes a message to the customer. Kommo accepts it, and delivers it later. */
export const sendMessage: Operation = async (api, parameters) => {
	const talk_id = parameters.id('talkId');
	const text = parameters.text('text');
	const content = { body: { text }, uncertain: UNCERTAIN, refusals: REFUSALS };
	const path = `talks/${talk_id}/send_message`;
	const { body } = await api.request('POST', path, content, startLimits());
	return [{ talk_id, message_id: body?.id ?? null }];
};
