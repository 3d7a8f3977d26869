/** As many as a process sends within an hour at the most that Kommo's API takes */
const MOST = 20_000;

const answers = new Map<string, string>();

/**
 * By the id of a message that this process has sent, that of the newest message that it answers. Kommo does not know: a
 * message of the customer that came while an answer was on its way looks answered in the talk.
 */
export const answered: ReadonlyMap<string, string> = answers;

export function rememberAnswer(answer: string, message: string): void {
	answers.set(answer, message);
	if (answers.size <= MOST) return;
	const [oldest] = answers.keys();
	answers.delete(oldest!);
}
