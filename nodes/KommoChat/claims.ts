/** In ms; Kommo delivers an event again after 5 minutes, and then the talk itself shows the answer. */
const LIFETIME = 4 * 60 * 1000;

/** A turn of a customer, by its newest message, and the node that makes it one */
interface ClaimedTurn {
	message: string;
	node: string;
}

/**
 * Who answers a turn. Two executions of one process that are for the same message, by an event that names none or by
 * a second delivery, both see it unanswered: the first one that asks gets it.
 */
export class Claims {
	private readonly claims = new Map<string, { message: string; owner: string; until: number }>();

	/**
	 * Whether the turn is the owner's, as of now or since before
	 *
	 * @param now in ms
	 */
	take({ message, node }: ClaimedTurn, owner: string, now: number): boolean {
		this.drop(({ until }) => until <= now);
		const key = `${node} ${message}`;
		const holder = this.claims.get(key)?.owner ?? owner;
		if (holder === owner) this.claims.set(key, { message, owner, until: now + LIFETIME });
		return holder === owner;
	}

	/** The turn was not answered after all, so another execution may. */
	release(message: string): void {
		this.drop((claim) => claim.message === message);
	}

	private drop(isOver: (claim: { message: string; until: number }) => boolean): void {
		for (const [key, claim] of this.claims) if (isOver(claim)) this.claims.delete(key);
	}
}

/** Of this process */
export const claims = new Claims();

/** The messages of this process that may only follow a certain one: of two that are sent at once, one goes out. */
export const sends = new Claims();
