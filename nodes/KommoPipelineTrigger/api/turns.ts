const SECOND = 1000;

/** Kommo answers an account 7 times a second; who asks more often is blocked for a while. */
const TURNS_PER_SECOND = 7;

/** The times of an account's latest turns, as many as fit into one second */
const latestTurns = new Map<string, number[]>();

/**
 * Takes the account's next free turn. All triggers of this n8n process share the account's turns.
 *
 * @param deadline a turn later than this is not taken
 * @returns the time of the turn in ms, `now` or later; nothing when there is none before the deadline
 */
export function takeTurn(host: string, now: number, deadline: number): number | undefined {
	const turns = latestTurns.get(host) ?? [];
	const [oldest = -Infinity] = turns.slice(-TURNS_PER_SECOND);
	const isFull = turns.length >= TURNS_PER_SECOND;
	const turn = isFull ? Math.max(now, oldest + SECOND) : now;
	if (turn > deadline) return undefined;
	latestTurns.set(host, [...turns, turn].slice(-TURNS_PER_SECOND));
	return turn;
}
