import { isMap, listMaps, type Json } from '../events/json';
import type { RefusedAnswer } from './problem';

/** How much of Kommo's reason is shown, in characters */
const MAX_LENGTH = 300;

export type Authentication = 'accessToken' | 'oAuth2';

/** What happened, without its status and a full stop, and what to do about it */
export type Sentence = readonly [whatHappened: string, whatToDo: string];

/** By status, the sentences that a caller uses in place of the common ones */
export type Sentences = Readonly<Record<number, Sentence>>;

/** Describes why Kommo refused a request, with Kommo's own reason if it gives one. */
export type Refusals = (answer: RefusedAnswer, authentication?: Authentication) => string;

const BLOCKED: Sentence = [
	"Kommo's web server gave a page in place of an answer",
	'After too many requests it blocks an IP address for a while. Wait some minutes, and let fewer workflows ask at once. If this keeps happening, check the account address in the credential.',
];

const COMMON: Sentences = {
	400: ["Kommo's API refused the request", 'Check the parameters of the node, then try again.'],
	402: [
		"The account's plan does not include this, or its quota is used up",
		'Check the plan and its payment in Kommo.',
	],
	403: [
		"Kommo does not let the credential's user do this",
		'Give the user the right to do it, or use the credential of another user.',
	],
	404: [
		'Kommo found nothing there',
		'The record may be deleted, or the account address in the credential may be wrong.',
	],
	422: ["Kommo's API refused the request", 'Check the parameters of the node, then try again.'],
	429: [
		"Kommo's API refused the request because there were too many",
		'Let fewer workflows ask at once, then try again.',
	],
};

const UNAUTHORIZED: Record<Authentication, Sentence> = {
	accessToken: [
		"Kommo's API refused the access token",
		'Check that it has not expired or been revoked, and belongs to the account in the credential.',
	],
	oAuth2: ["Kommo's API refused the credential", 'Reconnect it.'],
};

const SERVER_ERROR: Sentence = ["Kommo's API failed", 'Try again later.'];

const UNEXPECTED: Sentence = [
	"Kommo's API gave an unexpected answer",
	'Check the account address in the credential, and try again later.',
];

/**
 * Makes the function that describes refusals to one kind of request.
 *
 * @param own the sentences of this kind; other statuses get the common ones
 * @param hide removes what the user must not see from Kommo's reason
 */
export function refusals(own: Sentences, hide?: (text: string) => string): Refusals {
	return (answer, authentication = 'accessToken') => {
		const { status, body } = answer;
		const [whatHappened, whatToDo] = isBlockPage(answer)
			? BLOCKED
			: (own[status] ?? findCommon(status, authentication));
		const reason = readReasons(body, hide);
		return `${whatHappened} (${status})${reason && `: ${reason}`}. ${whatToDo}`;
	};
}

export const commonRefusals = refusals({});

function findCommon(status: number, authentication: Authentication): Sentence {
	if (status === 401) return UNAUTHORIZED[authentication];
	return COMMON[status] ?? (status >= 500 ? SERVER_ERROR : UNEXPECTED);
}

/** When Kommo blocks an IP address, its web server answers in place of the API: with HTML, and 403 or 200. */
export function isBlockPage({ status, body }: RefusedAnswer): boolean {
	return (status === 403 || status === 200) && typeof body === 'string' && /^\s*</.test(body);
}

/** What Kommo finds wrong with a request */
export interface Reason {
	/** Of the parameter that is wrong, e.g. `settings.1`; empty if it is the whole request */
	path: string;
	text: string;
}

/**
 * Why Kommo refused a request: the entries of
 * `{"validation-errors": [{"errors": [{"code", "path", "detail"}]}]}`, or else its `detail`. None if Kommo does not
 * say.
 */
export function listReasons(body: Json | undefined): Reason[] {
	const answer = isMap(body) ? body : {};
	const errors = listMaps(answer['validation-errors']).flatMap((group) => listMaps(group.errors));
	return (errors.length > 0 ? errors : [answer])
		.map(({ path, detail, code }) => ({ path: toText(path), text: toText(detail) || toText(code) }))
		.filter(({ path, text }) => path || text);
}

/**
 * All reasons as one text; an empty string if there are none.
 *
 * @param hide removes what the user must not see, before the text is cut
 */
export function readReasons(body: Json | undefined, hide = (text: string) => text): string {
	const reasons = listReasons(body).map(({ path, text }) =>
		[path, text].filter(Boolean).join(': '),
	);
	const text = [...new Set(reasons)].join('; ');
	return hide(text.replace(/\.$/, '')).slice(0, MAX_LENGTH);
}

function toText(value: Json | undefined): string {
	return typeof value === 'string' ? value : '';
}
