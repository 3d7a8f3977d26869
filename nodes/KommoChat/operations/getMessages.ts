import { listMessages } from '../../shared/api/talks';
import { startLimits } from '../limits';
import type { Operation } from './operation';

/** Gives the latest messages of a talk, the oldest first. */
export const getMessages: Operation = async (api, parameters) => {
	const talk_id = parameters.id('talkId');
	const limit = parameters.count('limit');
	const messages = await listMessages(api, talk_id, startLimits());
	return messages.slice(-limit).map((message) => ({ ...message, talk_id }));
};
