import { now, type RetryLimits } from '../shared/api/deadline';
import { slowerThan } from '../shared/api/problem';

/** How long a request may wait for its turn and be tried again, in ms */
const TURN_WITHIN = 3 * 60 * 1000;

/** How long Kommo may take to answer a request that was sent, in seconds */
const ANSWER_WITHIN = 30;

export function startLimits(): RetryLimits {
	return {
		deadline: now() + TURN_WITHIN,
		answerWithin: ANSWER_WITHIN * 1000,
		outOfTime: slowerThan(ANSWER_WITHIN),
	};
}
