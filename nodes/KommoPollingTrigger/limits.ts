import type { RetryLimits } from '../shared/api/deadline';

/** In ms, for a poll if n8n does not give a limit, and for a poll that somebody waits for */
export const TIME_LIMIT = 30_000;

const TOO_SLOW = "Kommo's API took too long. The next poll goes on from here, so nothing is lost.";

/**
 * @param deadline by `now()`, in ms
 * @param outOfTime the sentence for the user when the time is over
 */
export function limitsUntil(deadline: number, outOfTime = TOO_SLOW): RetryLimits {
	return { deadline, outOfTime };
}
