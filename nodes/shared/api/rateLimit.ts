import { sleep } from 'n8n-workflow';

import { now } from './deadline';

/** In ms. More than a second, because a request may take longer to arrive than those sent after it. */
export const WINDOW = 1100;

/** Kommo's limit for an account and an IP address. Above it, Kommo answers 429, and then blocks the address. */
const REQUESTS_PER_WINDOW = 7;

/** In ms, between spread requests, so that an urgent one never waits longer for its turn */
export const DISTANCE = Math.ceil(WINDOW / REQUESTS_PER_WINDOW);

/** In ms. A request with more time left is spread too. */
const MUCH_TIME = 10_000;

interface Waiting {
	/** By `now()`, in ms */
	deadline: number;
	isSpread: boolean;
	resolve(isTurn: boolean): void;
}

const waiting = new Set<Waiting>();

/** The times of the latest turns, at most as many as fit into a window, by `now()`, in ms */
let latestTurns: readonly number[] = [];

/** No turn comes before it, by `now()`, in ms */
let heldUntil = -Infinity;

/** When the waiting requests are looked at next, by `now()`, in ms */
let nextLook = Infinity;

/**
 * Waits until a request may be sent. All nodes of this n8n process share the limit, whatever their account.
 * The request with the least time left goes first.
 *
 * @param deadline by `now()`, in ms
 * @param isSpread whether the request is one of many, and keeps a distance to the one before it
 * @returns false if its turn did not come before the deadline
 */
export async function takeTurn(deadline: number, isSpread: boolean): Promise<boolean> {
	return await new Promise((resolve) => {
		waiting.add({ deadline, isSpread, resolve });
		giveTurns();
	});
}

/** Gives no turn for this time, in ms. After a 429, Kommo blocks the address of whoever goes on asking. */
export function holdTurns(wait: number): void {
	heldUntil = Math.max(heldUntil, now() + wait);
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
		one.resolve(isTurn);
	}
	const times = [...waiting].map((one) => Math.min(one.deadline, dueTime(one, time)));
	lookAgain(Math.min(...times));
}

/** When the request may be sent at the earliest */
function dueTime({ deadline, isSpread }: Waiting, time: number): number {
	const isFull = latestTurns.length >= REQUESTS_PER_WINDOW;
	const due = Math.max(heldUntil, isFull ? latestTurns[0]! + WINDOW : -Infinity);
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
