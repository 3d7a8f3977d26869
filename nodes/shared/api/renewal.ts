import { now } from './deadline';

/** In ms. When a renewal takes longer, the next one may start. */
const TIME_LIMIT = 10_000;

interface Renewal {
	done: Promise<void>;
	/** By `now()`, in ms, like `endedAt` */
	givenUpAt: number;
	endedAt?: number;
}

/** The latest renewal of each credential, unless it failed */
const renewals = new Map<string, Renewal>();

/**
 * Renews a token once for all requests that need it. If the token is being renewed, this waits. If it was
 * renewed after the request was sent, this does nothing. A refresh token can be used only once, and n8n 1.x
 * would use it for each request.
 *
 * @param sent when the refused request was sent, by `now()`, in ms
 * @throws what `renew` throws, to all callers that wait for it
 */
export async function renewOnce(
	credential: string,
	sent: number,
	renew: () => Promise<unknown>,
): Promise<void> {
	const latest = renewals.get(credential);
	if (latest && serves(latest, sent)) return await latest.done;

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

function serves({ endedAt, givenUpAt }: Renewal, sent: number): boolean {
	return endedAt === undefined ? now() < givenUpAt : sent <= endedAt;
}
