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
			// The talk is closed, perhaps by an attempt that Kommo answered with an error.
			if (!error.cause || !/closed/i.test(readReasons(error.answer?.body))) throw error;
		});
	return done({ talk_id });
};
