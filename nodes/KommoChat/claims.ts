/** In ms; Kommo delivers an event again after 5 minutes, and then the talk itself shows the answer. */
const LIFETIME = 4 * 60 * 1000;

/** A customer's turn: its newest message, and what else tells it apart, such as the node that answers */
interface ClaimedTurn {
	message: string;
	scope: string;
}

/**
 * Decides which execution answers a turn. Two executions of one process can be for the same message: an event
 * names no message, or Kommo delivered it twice. Both see the message unanswered. The first one that asks
 * gets it.
 */
export class Claims {
	private readonly claims = new Map<string, { message: string; owner: string; until: number }>();

	/**
	 * Gives the turn to the owner, unless another owner has it. Tells whether the owner has it.
	 *
	 * @param now in ms
	 */
	take({ message, scope }: ClaimedTurn, owner: string, now: number): boolean {
		this.drop(({ until }) => until <= now);
		const key = `${scope} ${message}`;
		const holder = this.claims.get(key)?.owner ?? owner;
		if (holder === owner) this.claims.set(key, { message, owner, until: now + LIFETIME });
		return holder === owner;
	}

	/** Frees a turn that was not answered after all, so that another execution may answer it. */
	release(message: string): void {
		this.drop((claim) => claim.message === message);
	}

	private drop(isOver: (claim: { message: string; until: number }) => boolean): void {
		for (const [key, claim] of this.claims) if (isOver(claim)) this.claims.delete(key);
	}
}

/** The turns that the executions of this process answer */
export const claims = new Claims();

/**
 * The messages that this process sends with Only If Newest. Of two for the same message, sent at once, only
 * one goes out.
 */
export const sends = new Claims();
