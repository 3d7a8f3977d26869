import { HISTORY_REFUSED, listMessages } from '../../shared/api/talks';
import { startLimits } from '../limits';
import { explainRefusal, NO_TALK, type Sentences } from '../refusal';
import type { Operation } from './operation';

const REFUSALS: Sentences = { 403: HISTORY_REFUSED, 404: NO_TALK };

/** Gives the latest messages of a talk, the oldest first. */
export const getMessages: Operation = async (api, parameters) => {
	const talk_id = parameters.id('talkId');
	const limit = parameters.count('limit');
	const messages = await explainRefusal(
		listMessages(api, talk_id, startLimits()),
		'the request for messages',
		REFUSALS,
	);
	return messages.slice(-limit).map((message) => ({ ...message, talk_id }));
};
