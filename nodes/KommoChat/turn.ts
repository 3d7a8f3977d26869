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
export type OwnMessage =
	| { id: string; writtenAt: number }
	/**
	 * The event does not name its message, like an event of the digital pipeline. `seen` is the newest message
	 * at the first look.
	 */
	| { startedAt: number; seen?: string };

export type Decision =
	| { outcome: 'answer'; turn: Turn }
	| { outcome: 'leave'; reason: Reason }
	/** Read the talk again at this time, in Unix ms, for this message */
	| { outcome: 'wait'; until: number; own: OwnMessage };

/** In ms. A message shows up in its talk within this time after its event. */
export const SHOWN_AFTER = 10_000;

/**
 * Whether an execution answers the customer's turn. Only the execution for the newest message does, once the
 * customer has been silent for the quiet time.
 *
 * @param talk the talk's messages, oldest first
 * @param quietTime in ms
 * @param now in Unix ms
 */
export function decide(
	talk: readonly JsonMap[],
	own: OwnMessage,
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

/**
 * Why the named message is left alone. If it is missing in the talk, it has not shown up yet, or was deleted:
 * then the messages before it still wait for an answer.
 */
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

/**
 * Why the event's message is left alone, if the event does not name it. It is the newest message at the first
 * look, or one that showed up later but was written before the execution began.
 */
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
 * Why nothing may be sent in answer to this message: somebody has written after it. Nothing if it is the
 * newest.
 *
 * @param talk the talk's messages, oldest first
 * @param mustBeIncoming whether only messages of the customer count as this message
 */
export function reasonNotToSend(
	talk: readonly JsonMap[],
	id: string,
	{ mustBeIncoming = false } = {},
): Reason | undefined {
	const index = talk.findIndex(
		(message) => String(message.id) === id && (isIncoming(message) || !mustBeIncoming),
	);
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
 * Sorts messages, oldest first. Kommo's times are seconds. Within a second, answers come before what the
 * customer wrote, and others are sorted by id. If it is known which message an answer is for, the answer
 * comes directly after that message: what the customer wrote while it was on its way is not answered yet.
 *
 * @param talk as Kommo gives it, in any order
 * @param answered by the id of an answer: the id of the newest message that it answers
 */
export function sortMessages(
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

/** The parts of a place are compared from left to right */
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

/** Whether the message answers the customer. A mere reaction to a message does not. */
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
