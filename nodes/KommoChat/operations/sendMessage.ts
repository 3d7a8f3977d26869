import { startLimits } from '../limits';
import { explainRefusal, NO_TALK, type Sentences } from '../refusal';
import type { Operation } from './operation';

const UNCERTAIN =
	'Kommo did not confirm the message, so it may or may not have been sent. Look in the chat before you send it again.';

const REFUSALS: Sentences = {
	403: 'Kommo does not let the credential send messages (403). Check that the integration has the scope "Sending to external chats", that the account has the plan Trial, Pro or Enterprise with messages left this month, and that the user may see the chat. amoCRM does not offer this at all. Run Salesbot works on other plans too.',
	404: NO_TALK,
};

/** Writes a message to the customer. Kommo accepts it, and delivers it later. */
export const sendMessage: Operation = async (api, parameters) => {
	const talk_id = parameters.id('talkId');
	const text = parameters.text('text');
	const content = { body: { text }, uncertain: UNCERTAIN };
	const answer = await explainRefusal(
		api.request('POST', `talks/${talk_id}/send_message`, content, startLimits()),
		'the message',
		REFUSALS,
	);
	return [{ talk_id, message_id: answer?.id ?? null }];
};
