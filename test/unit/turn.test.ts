import { Claims } from '../../nodes/KommoChat/claims';
import {
	decide,
	reasonNotToSend,
	roleOf,
	sortMessages,
	type OwnMessage,
	type Reason,
	type Turn,
} from '../../nodes/KommoChat/turn';
import type { JsonMap } from '../../nodes/shared/events/json';

/** In ms */
const QUIET = 8000;
const START = 1_732_450_000_000;

type Author = 'customer' | 'colleague' | 'bot';

/** A message, this many seconds after the start */
const say = (author: Author, id: string, second: number, more: JsonMap = {}): JsonMap => ({
	id,
	text: `text of ${id}`,
	type: author === 'customer' ? 'incoming' : 'outgoing',
	message_type: 'text',
	created_at: START / 1000 + second,
	author: { type: { customer: 'external', colleague: 'internal', bot: 'bot' }[author] },
	...more,
});

const named = (id: string, second: number): OwnMessage => ({
	id,
	writtenAt: START + second * 1000,
});
const unnamed = (second: number, seen?: string): OwnMessage => ({
	startedAt: START + second * 1000,
	...(seen && { seen }),
});

/** The outcome of an execution for the message: the ids that it answers, why it does not answer, or when it looks again */
function outcomeOf(talk: JsonMap[], own: OwnMessage, second: number) {
	const decision = decide(sortMessages(talk), own, QUIET, START + second * 1000);
	if (decision.outcome === 'answer') return idsOf(decision.turn.messages);
	if (decision.outcome === 'leave') return decision.reason;
	return (decision.until - START) / 1000;
}

const idsOf = (messages: readonly JsonMap[]) => messages.map(({ id }) => String(id)).join(' ');

describe('a customer’s turn', () => {
	const a = say('customer', 'a', 0);
	const b = say('customer', 'b', 3);
	const c = say('customer', 'c', 20);
	const answer = say('bot', 'x', 12);
	const colleague = say('colleague', 'y', 5);

	test.each<[string, JsonMap[], OwnMessage, number, string | number]>([
		['a message is answered when the customer is silent', [a], named('a', 0), 8, 'a'],
		['not before', [a], named('a', 0), 7.9, 8],
		['the newest message answers for all', [b, a], named('b', 3), 11, 'a b'],
		['those before it are left to it', [a, b], named('a', 0), 8, 'newer_message'],
		['what is answered is left alone', [a, b, answer], named('b', 3), 20, 'answered'],
		['by a colleague, too', [a, b, colleague], named('b', 3), 11, 'answered'],
		['a second delivery is left alone', [a, b, answer], named('a', 0), 300, 'answered'],
		['only what came after the answer is answered', [c, answer, a, b], named('c', 20), 28, 'c'],
		[
			'of one second, the highest id answers',
			[say('customer', 'z', 3), b],
			named('b', 3),
			11,
			'newer_message',
		],
		['and does so for all', [say('customer', 'z', 3), b], named('z', 3), 11, 'b z'],
		['a tie of customer and answer is unanswered', [a, say('bot', 'x', 0)], named('a', 0), 8, 'a'],
		[
			'a reaction is no answer',
			[a, say('bot', 'x', 1, { message_type: 'reaction' })],
			named('a', 0),
			8,
			'a',
		],
		['nor is an empty message', [a, say('bot', 'x', 1, { text: '' })], named('a', 0), 8, 'a'],
		[
			'a picture is one',
			[a, say('bot', 'x', 1, { text: '', message_type: 'picture' })],
			named('a', 0),
			8,
			'answered',
		],
		[
			'a file is one',
			[a, say('bot', 'x', 1, { text: '', attachment: { link: 'l' } })],
			named('a', 0),
			8,
			'answered',
		],
		['our own message needs none', [a, answer], named('x', 12), 20, 'outgoing'],
		['a message that does not show up yet is waited for', [], named('a', 0), 8, 10],
		['and also behind older ones', [a], named('b', 3), 11, 13],
		['a talk whose only message was deleted has none', [], named('a', 0), 10, 'no_message'],
		['a deleted message leaves those before it to its execution', [a], named('b', 3), 13, 'a'],
		['unless there is a newer one', [a, c], named('b', 3), 23, 'newer_message'],
		['or all are answered', [a, say('bot', 'x', 4)], named('b', 3), 13, 'answered'],
		['an event without a message takes the newest', [a], unnamed(0.5), 0.5, 8],
		['and answers it', [a], unnamed(0.5, 'a'), 8, 'a'],
		['and leaves it to a newer one', [a, b], unnamed(0.5, 'a'), 8, 'newer_message'],
		[
			'unless that one was there when it began, and showed up later',
			[a, b],
			unnamed(3.5, 'a'),
			11,
			'a b',
		],
		['it waits until its message shows up', [], unnamed(0.5), 0.5, 10.5],
		['also behind an answer', [a, answer], unnamed(20), 20, 30],
		['and is left alone then, if all is answered', [a, answer], unnamed(20), 30, 'answered'],
		['or if there is no message', [], unnamed(0.5), 10.5, 'no_message'],
		[
			'it is left alone when somebody answers meanwhile',
			[a, colleague],
			unnamed(0.5, 'a'),
			8,
			'answered',
		],
		['an execution that was queued does not wait again', [a, b], unnamed(60), 60, 'a b'],
	])('%s', (_, talk, own, second, expected) => {
		expect(outcomeOf(talk, own, second)).toBe(expected);
		expect(outcomeOf([...talk].reverse(), own, second)).toBe(expected);
	});

	test('is waited for with the newest message that was seen', () => {
		const [startedAt, id] = [START + 3500, 'b'];
		expect(decide([a, b], { startedAt }, QUIET, startedAt)).toMatchObject({
			outcome: 'wait',
			own: { startedAt, seen: id },
		});
		expect(decide([a, b], named('deleted', 4), 20_000, START + 14_000)).toMatchObject({
			outcome: 'wait',
			own: { id, writtenAt: START + 3000 },
		});
	});

	test('has what was said before, the oldest first, and who said it', () => {
		const talk = sortMessages([c, answer, colleague, a]);
		const decision = decide(talk, named('c', 20), QUIET, START + 28_000);
		const { before } = (decision as { turn: Turn }).turn;
		expect(before.map((message) => [message.id, roleOf(message)])).toEqual([
			['a', 'customer'],
			['y', 'colleague'],
			['x', 'bot'],
		]);
	});

	test('does not end with an answer that was on its way when the customer wrote', () => {
		const late = say('customer', 'late', 11);
		const talk = sortMessages([a, late, answer], new Map([['x', 'a']]));
		expect(idsOf(talk)).toBe('a x late');
		expect(outcomeOf([a, late, answer], named('late', 11), 19)).toBe('answered');
		expect(decide(talk, named('late', 11), QUIET, START + 19_000)).toMatchObject({
			outcome: 'answer',
			turn: { messages: [late] },
		});
	});

	test.each<[string, JsonMap[], string, Reason | undefined]>([
		['when nobody has written since', [a, b], 'b', undefined],
		['not when the customer has', [a, b], 'a', 'newer_message'],
		['not when a colleague has', [a, b, colleague], 'b', 'answered'],
		[
			'also after a reaction',
			[a, say('bot', 'x', 1, { message_type: 'reaction' })],
			'a',
			undefined,
		],
		['after our own message, if it is the newest', [a, answer], 'x', undefined],
		['not when the customer has replied to it', [a, answer, c], 'x', 'newer_message'],
		['not when the message was deleted', [a], 'b', 'no_message'],
	])('is answered %s', (_, talk, id, expected) => {
		expect(reasonNotToSend(sortMessages(talk), id)).toBe(expected);
	});
});

describe('a claim', () => {
	const turn = { scope: 'a', message: 'm' };

	test('belongs to the first execution that asks, until Kommo would deliver again', () => {
		const claims = new Claims();
		expect(claims.take(turn, 'one', 0)).toBe(true);
		expect(claims.take(turn, 'other', 1)).toBe(false);
		expect(claims.take({ ...turn, scope: 'b' }, 'other', 1)).toBe(true);
		expect(claims.take(turn, 'one', 1)).toBe(true);
		expect(claims.take(turn, 'other', 5 * 60 * 1000)).toBe(true);
	});

	test('ends when its message is not answered after all', () => {
		const claims = new Claims();
		claims.take(turn, 'one', 0);
		claims.release('another');
		expect(claims.take(turn, 'other', 1)).toBe(false);
		claims.release('m');
		expect(claims.take(turn, 'other', 1)).toBe(true);
	});
});
