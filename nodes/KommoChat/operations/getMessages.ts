import { listMessages } from '../../shared/api/talks';
import { startLimits } from '../limits';
import { findTalkId } from '../target';
import { done, type Operation } from './operation';

/** Gives the latest messages of a talk, the oldest first. */
export const getMessages: Operation = async (call) => {
	const limit = Math.floor(call.parameters.number('limit', { min: 1 }));
	const talk_id = await findTalkId(call);
	const messages = await listMessages(call.api, talk_id, startLimits());
	return done(...messages.slice(-limit).map((message) => ({ ...message, talk_id })));
};
