import { now, type RetryLimits } from '../shared/api/deadline';
import { slowerThan } from '../shared/api/problem';

/** How long the node waits for what it asks Kommo, in seconds */
const TIME_LIMIT = 30;

export function startLimits(): RetryLimits {
	const time = TIME_LIMIT * 1000;
	return { deadline: now() + time, answerWithin: time, outOfTime: slowerThan(TIME_LIMIT) };
}
