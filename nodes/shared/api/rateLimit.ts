import { sleep } from 'n8n-workflow';

import { now } from './deadline';

/** In ms: a second, and some more since a request may take longer on its way than those behind it. */
const WINDOW = 1100;

/** What Kommo allows an account and an IP address; at more it answers 429, and then blocks. */
const REQUESTS_PER_WINDOW = 7;

/** In ms, between requests that are spread: the next turn of one in a hurry is never further away. */
export const DISTANCE = Math.ceil(WINDOW / REQUESTS_PER_WINDOW);

/** In ms; a request that has more time left is spread, too. */
const MUCH_TIME = 10_000;

interface Waiting {
	/** By `now()`, in ms */
	deadline: number;
	isSpread: boolean;
	end(isTurn: boolean): void;
}

const waiting = new Set<Waiting>();

/** When the latest turns were given, at most as many as go into one window, by `now()`, in ms */
let latestTurns: readonly number[] = [];

/** When the waiting ones are looked at next, by `now()`, in ms */
let nextLook = Infinity;

/**
 * Waits for the turn of a request, which may be sent at once then. All nodes of this n8n process share the limit,
 * whatever their account; who has the least time left goes first.
 *
 * @param deadline by `now()`, in ms
 * @param isSpread whether it keeps a distance to the request before it, as one of many
 * @returns false at the deadline
 */
export async function takeTurn(deadline: number, isSpread: boolean): Promise<boolean> {
	return await new Promise((end) => {
		waiting.add({ deadline, isSpread, end });
		giveTurns();
	});
}

function giveTurns(): void {
	const time = now();
	const queue = [...waiting].sort((a, b) => a.deadline - b.deadline);
	for (const one of queue) {
		const isLate = one.deadline <= time;
		const isTurn = !isLate && dueTime(one, time) <= time;
		if (!isLate && !isTurn) continue;
		if (isTurn) latestTurns = [...latestTurns, time].slice(-REQUESTS_PER_WINDOW);
		waiting.delete(one);
		one.end(isTurn);
	}
	const times = [...waiting].map((one) => Math.min(one.deadline, dueTime(one, time)));
	lookAgain(Math.min(...times));
}

/** When the request may be sent at the earliest */
function dueTime({ deadline, isSpread }: Waiting, time: number): number {
	const isFull = latestTurns.length >= REQUESTS_PER_WINDOW;
	const due = isFull ? latestTurns[0]! + WINDOW : -Infinity;
	const keepsDistance = isSpread || deadline - time > MUCH_TIME;
	return keepsDistance ? Math.max(due, (latestTurns.at(-1) ?? -Infinity) + DISTANCE) : due;
}

function lookAgain(time: number): void {
	if (time >= nextLook || time === Infinity) return;
	nextLook = time;
	void sleep(Math.max(1, Math.ceil(time - now()))).then(() => {
		if (nextLook === time) nextLook = Infinity;
		giveTurns();
	});
}
