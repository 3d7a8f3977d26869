import { isRefused } from '../../shared/api/pages';
import { KommoApiError } from '../../shared/api/problem';
import { readReasons } from '../../shared/api/refusals';
import { CHOICES } from '../events';

/**
 * Why Kommo refuses the list of events: an account may not know all types, and Kommo does not always say which.
 *
 * @param tryTypes asks for events of these types alone
 */
export async function explainRefusal(
	error: KommoApiError,
	types: readonly string[],
	tryTypes: (types: readonly string[]) => Promise<unknown>,
): Promise<KommoApiError> {
	const refused = await findRefused(types, async (some) => {
		return await tryTypes(some).then(
			() => true,
			(problem) => !isRefused(problem, [400, 404, 422]),
		);
	});
	if (!refused) return error;
	const name = CHOICES.find(({ code }) => code === refused)?.name ?? refused;
	const reason = readReasons(error.answer?.body);
	return new KommoApiError(
		`Kommo refuses the event ${name} (${refused})${reason && `: ${reason}`}. Remove it from Trigger On, then publish again.`,
		error.answer,
	);
}

/** The first of the types that Kommo refuses, found by halves */
async function findRefused(
	types: readonly string[],
	isTaken: (types: readonly string[]) => Promise<boolean>,
): Promise<string | undefined> {
	if (await isTaken(types)) return undefined;
	let [some, rest] = [types, types];
	for (; some.length > 1; some = rest) {
		const half = some.slice(0, Math.ceil(some.length / 2));
		rest = (await isTaken(half)) ? some.slice(half.length) : half;
	}
	return some[0];
}
