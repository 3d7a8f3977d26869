/** About as many as a process can send within an hour at Kommo's rate limit */
const MAX_REMEMBERED = 20_000;

const answers = new Map<string, string>();

/**
 * For each message that this process has sent, by its id: the id of the newest message that it answers. Kommo
 * does not record this. In the talk, a customer's message that came while an answer was on its way looks
 * answered.
 */
export const answered: ReadonlyMap<string, string> = answers;

export function rememberAnswer(answer: string, message: string): void {
	answers.set(answer, message);
	if (answers.size <= MAX_REMEMBERED) return;
	const [oldest] = answers.keys();
	answers.delete(oldest!);
}
