/** In ms; the rest is for requests that are longer on their way than those that follow them. */
const SECOND = 1100;

/** What Kommo allows an account; who asks more often is answered 429, and blocked when it goes on. */
const REQUESTS_PER_SECOND = 7;

/** When the latest requests to each host are due, in ms, as many as go into one second */
const latestRequests = new Map<string, number[]>();

/**
 * Reserves the next request that the account may get. All triggers of this n8n process share them.
 *
 * @param deadline a request later than this is not reserved
 * @returns when to send it, in ms, `now` or later; nothing when that is after the deadline
 */
export function reserveRequest(host: string, now: number, deadline: number): number | undefined {
	const requests = latestRequests.get(host) ?? [];
	const isFull = requests.length >= REQUESTS_PER_SECOND;
	const due = isFull ? Math.max(now, requests[0]! + SECOND) : now;
	if (due > deadline) return undefined;
	latestRequests.set(host, [...requests, due].slice(-REQUESTS_PER_SECOND));
	return due;
}
