import { describeError } from '../api/problem';

/** What was asked for, or why it is missing, as a sentence for the user */
export type Outcome<T> = { value: T } | { problem: string };

export const NOT_RETURNED: Outcome<never> = {
	problem:
		"Kommo's API did not return all that belongs to this event. It may be deleted, hidden from the user of the credential, or younger than the names, which are kept for 10 minutes.",
};

/** Never throws: whatever `ask` throws becomes the problem. */
export async function settle<T>(ask: () => Promise<T>): Promise<Outcome<T>> {
	try {
		return { value: await ask() };
	} catch (error) {
		return { problem: describeError(error) };
	}
}

/** What `find` finds in the value; the same problem if there is no value. */
export function findIn<T, U>(outcome: Outcome<T>, find: (value: T) => U | undefined): Outcome<U> {
	if ('problem' in outcome) return outcome;
	const value = find(outcome.value);
	return value === undefined ? NOT_RETURNED : { value };
}
