import { now } from './deadline';

/** In ms; a renewal that takes longer keeps no other from being tried. */
const TIME_LIMIT = 10_000;

interface Renewal {
	done: Promise<void>;
	/** By `now()`, in ms, as `endedAt` */
	givenUpAt: number;
	endedAt?: number;
}

/** The latest renewal of each credential, unless it failed */
const renewals = new Map<string, Renewal>();

/**
 * Renews a token. Does nothing if it was renewed after the request was sent; waits if it is being renewed now: a refresh token is good for one renewal, and n8n 1.x would use it for each request.
 *
 * @param sent by `now()`, in ms
 * @throws what `renew` throws, to all who wait for it
 */
export async function renewOnce(
	credential: string,
	sent: number,
	renew: () => Promise<unknown>,
): Promise<void> {
	const latest = renewals.get(credential);
	if (latest && isOfUse(latest, sent)) return await latest.done;

	const renewal: Renewal = {
		givenUpAt: now() + TIME_LIMIT,
		done: renew().then(
			() => {
				renewal.endedAt = now();
			},
			(error) => {
				if (renewals.get(credential) === renewal) renewals.delete(credential);
				throw error;
			},
		),
	};
	renewals.set(credential, renewal);
	await renewal.done;
}

function isOfUse({ endedAt, givenUpAt }: Renewal, sent: number): boolean {
	return endedAt === undefined ? now() < givenUpAt : sent <= endedAt;
}
