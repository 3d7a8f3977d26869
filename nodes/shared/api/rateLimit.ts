/** In ms: a second, and some more since a request may take longer on its way than those behind it. */
const WINDOW = 1100;

/** What Kommo allows an account and an IP address; at more it answers 429, and then blocks. */
const REQUESTS_PER_WINDOW = 7;

/** When the latest requests are due, in ms, at most as many as go into one window */
let latestRequests: readonly number[] = [];

/**
 * Reserves the next request. All nodes of this n8n process share the limit, whatever their account.
 *
 * @param now in ms
 * @param deadline a request later than this is not reserved
 * @returns when to send it, in ms, `now` or later; nothing when that is after the deadline
 */
export function reserveRequest(now: number, deadline: number): number | undefined {
	const isFull = latestRequests.length >= REQUESTS_PER_WINDOW;
	const due = isFull ? Math.max(now, latestRequests[0]! + WINDOW) : now;
	if (due > deadline) return undefined;
	latestRequests = [...latestRequests, due].slice(-REQUESTS_PER_WINDOW);
	return due;
}
