import { KommoApiError, type RefusedAnswer } from '../shared/api/problem';
import { readReasons } from '../shared/api/reasons';

/** What to say of an answer with such a status */
export type Sentences = Readonly<Record<number, string>>;

export const NO_TALK =
	'Kommo has no talk with this ID (404). Check Talk ID, and the account address in the credential.';

const TOO_MANY =
	"Kommo's API refused because of too many requests (429). Let fewer workflows ask at once, then try again.";

/**
 * Describes the refusal of a request in sentences of its own, with Kommo's reason if there is one.
 *
 * @param subject what Kommo refuses, e.g. `the message`
 * @throws KommoApiError
 */
export async function explainRefusal<T>(
	request: Promise<T>,
	subject: string,
	sentences: Sentences,
): Promise<T> {
	try {
		return await request;
	} catch (error) {
		const answer = error instanceof KommoApiError ? error.answer : undefined;
		const sentence = answer && describe(answer, subject, { 429: TOO_MANY, ...sentences });
		throw sentence ? new KommoApiError(sentence, answer) : error;
	}
}

function describe({ status, body }: RefusedAnswer, subject: string, sentences: Sentences) {
	const reason = readReasons(body);
	if (status === 400 || status === 422) {
		return `Kommo refused ${subject} (${status})${reason && `: ${reason}`}. Check the parameters of the node, then try again.`;
	}
	const sentence = sentences[status];
	return sentence && sentence + (reason && ` Kommo says: ${reason}.`);
}
