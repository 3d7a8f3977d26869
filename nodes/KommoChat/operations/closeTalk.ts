import type { KommoApiError } from '../../shared/api/problem';
import { readReasons } from '../../shared/api/refusals';
import { startLimits } from '../limits';
import { closeRefusals } from '../refusal';
import { findTalkId } from '../target';
import { done, type Operation } from './operation';

/** Closes a talk. When the customer writes again, Kommo opens a new one. */
export const closeTalk: Operation = async (call) => {
	const force_close = call.parameters.isTrue('forceClose');
	const talk_id = await findTalkId(call);
	const content = { body: { force_close }, refusals: closeRefusals };
	await call.api
		.request('POST', `talks/${talk_id}/close`, content, startLimits())
		.catch((error: KommoApiError) => {
			// An earlier attempt closed it, although Kommo answered with an error.
			if (!error.cause || readReasons(error.answer?.body) !== 'Talk is closed') throw error;
		});
	return done({ talk_id });
};
