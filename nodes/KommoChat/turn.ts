import { isMap, type JsonMap } from '../shared/events/json';

/** Why a message is left alone */
export type Reason = 'newer_message' | 'answered' | 'taken_over' | 'outgoing' | 'no_message';

/** What the customer has written since the last answer, and what was said before */
export interface Turn {
	/** Oldest first, at least one */
	messages: readonly JsonMap[];
	newest: JsonMap;
	/** Oldest first */
	before: readonly JsonMap[];
}

/** The message that an execution is for. Times are in Unix ms. */
export type Own =
	| { id: string; writtenAt: number }
	/** The event does not name its message, as that of the digital pipeline: `seen` is the newest one at the first look. */
	| { startedAt: number; seen?: string };

export type Decision =
	| { outcome: 'answer'; turn: Turn }
	| { outcome: 'leave'; reason: Reason }
	/** Read the talk again at this time, in Unix ms, for this message */
	| { outcome: 'wait'; until: number; own: Own };

/** A message shows up in its talk this long after its event at the latest, in ms. */
export const SHOWN_AFTER = 10_000;

/**
 * Whether an execution answers the customer's turn: only that of the newest message does, once the customer has
 * been silent for the quiet time.
 *
 * @param talk the talk's messages, oldest first
 * @param quietTime in ms
 * @param now in Unix ms
 */
export function decide(
	talk: readonly JsonMap[],
	own: Own,
	quietTime: number,
	now: number,
): Decision {
	const first = talk.findLastIndex(isAnswer) + 1;
	const before = talk.slice(0, first);
	const messages = talk.slice(first).filter(isIncoming);
	const newest = messages.at(-1);
	const reason = 'id' in own ? reasonOfNamed(talk, messages, own) : reasonOfUnnamed(messages, own);

	if (reason === 'missing') {
		const shownAt = ('id' in own ? own.writtenAt : own.startedAt) + SHOWN_AFTER;
		if (now < shownAt) return { outcome: 'wait', until: shownAt, own };
		if (!newest) {
			return { outcome: 'leave', reason: before.some(isIncoming) ? 'answered' : 'no_message' };
		}
	} else if (reason) return { outcome: 'leave', reason };

	const silentAt = timeOf(newest!) + quietTime;
	if (silentAt <= now) {
		return { outcome: 'answer', turn: { messages, newest: newest!, before } };
	}
	const id = String(newest!.id);
	const looked = 'id' in own ? { id, writtenAt: timeOf(newest!) } : { ...own, seen: id };
	return { outcome: 'wait', until: silentAt, own: looked };
}

type Unanswered = readonly JsonMap[];

/** A message that is not in the talk does not show up yet, or has been deleted: then those before it wait for an answer. */
function reasonOfNamed(
	talk: readonly JsonMap[],
	unanswered: Unanswered,
	{ id, writtenAt }: { id: string; writtenAt: number },
): Reason | 'missing' | undefined {
	const message = talk.find((some) => String(some.id) === id);
	const newest = unanswered.at(-1);
	if (!message) {
		const deleted = { id, created_at: Math.floor(writtenAt / 1000), type: 'incoming' };
		return newest && compare(placeOf(newest), placeOf(deleted)) > 0 ? 'newer_message' : 'missing';
	}
	if (!isIncoming(message)) return 'outgoing';
	if (!unanswered.includes(message)) return 'answered';
	return message === newest ? undefined : 'newer_message';
}

/** Its message is the newest at the first look, or one that showed up later and was written before the execution began. */
function reasonOfUnnamed(
	unanswered: Unanswered,
	{ startedAt, seen }: { startedAt: number; seen?: string },
): Reason | 'missing' | undefined {
	const newest = unanswered.at(-1);
	if (seen === undefined) return newest ? undefined : 'missing';
	const message = unanswered.findLast(
		(some) => String(some.id) === seen || timeOf(some) <= startedAt,
	);
	if (!message) return 'answered';
	return message === newest ? undefined : 'newer_message';
}

/**
 * What somebody has written after this message, of a customer or of our own; nothing when it is the newest.
 *
 * @param talk the talk's messages, oldest first
 */
export function reasonNotToSend(talk: readonly JsonMap[], id: string): Reason | undefined {
	const index = talk.findIndex((message) => String(message.id) === id);
	if (index < 0) return 'no_message';
	const next = talk.slice(index + 1).findLast((some) => isIncoming(some) || isAnswer(some));
	if (!next) return undefined;
	return isIncoming(next) ? 'newer_message' : 'answered';
}

/** Who wrote a message. Kommo calls its Salesbots, its AI Agent and its API a bot. */
export function roleOf(message: JsonMap): 'customer' | 'bot' | 'colleague' {
	if (isIncoming(message)) return 'customer';
	return isMap(message.author) && message.author.type === 'bot' ? 'bot' : 'colleague';
}

/**
 * The messages, oldest first; of one second, of which Kommo does not tell the order, an answer before what the customer
 * wrote, and others by their id. An answer stands directly behind the message that it is known to answer: what the
 * customer wrote while it was on its way is not answered yet.
 *
 * @param talk as Kommo gives it, in any order
 * @param answered by the id of an answer, that of the newest message that it answers
 */
export function sort(
	talk: readonly JsonMap[],
	answered: ReadonlyMap<string, string> = new Map(),
): JsonMap[] {
	const byId = new Map(talk.map((message) => [String(message.id), message]));
	const placed = talk.map((message) => {
		const question = byId.get(answered.get(String(message.id)) ?? '');
		const place: Place = question
			? [...placeOf(question), 1, String(message.id)]
			: placeOf(message);
		return { message, place };
	});
	return placed.sort((a, b) => compare(a.place, b.place)).map(({ message }) => message);
}

/** Compared from left to right */
type Place = ReadonlyArray<number | string>;

function placeOf(message: JsonMap): Place {
	return [timeOf(message), Number(isIncoming(message)), String(message.id)];
}

function compare(a: Place, b: Place): number {
	const index = a.findIndex((part, index) => part !== b[index]);
	if (index < 0) return a.length - b.length;
	const [one, other] = [a[index]!, b[index]];
	return other === undefined || one > other ? 1 : -1;
}

/** A reaction to a message says nothing of its own. */
function isAnswer(message: JsonMap): boolean {
	const { message_type = 'text', text, attachment } = message;
	if (isIncoming(message) || message_type === 'reaction') return false;
	return message_type !== 'text' || Boolean(text) || isMap(attachment);
}

function isIncoming({ type }: JsonMap): boolean {
	return type === 'incoming';
}

/** In Unix ms */
function timeOf({ created_at }: JsonMap): number {
	return Number(created_at) * 1000;
}
