import { sleep, type IDataObject } from 'n8n-workflow';

import { findTalk as findTalkById, listMessages } from '../../shared/api/talks';
import { subjectOf, type Subject } from '../../shared/enrichment/subject';
import type { KommoEvent } from '../../shared/events/event';
import { isMap, type JsonMap } from '../../shared/events/json';
import { answered } from '../answered';
import { claims } from '../claims';
import { isTakenOver, readTakeover, type Takeover } from '../leaveAlone';
import { startLimits } from '../limits';
import { editRefusals } from '../refusal';
import { findTalk, type Talk } from '../target';
import { signTalkRef, type Target } from '../talkRef';
import { decide, roleOf, SHOWN_AFTER, sort, type Own, type Reason, type Turn } from '../turn';
import type { Call, Operation, Result } from './operation';

/** In ms; a turn, and what was said before it, is read from so long before the message on. */
const DAY = 24 * 60 * 60 * 1000;

/** In ms */
const OPENED_AFTER = 3000;

/** Of the parameter, in seconds */
const QUIET_TIME = { min: 0, max: 60 };

const leadRefusals = editRefusals('see the lead');

/** Makes of a message the customer's turn, once the customer is silent, or leaves it alone. */
export const getUnanswered: Operation = async (call) => {
	const { parameters, facts } = call;
	const quietTime = parameters.number('quietTime', QUIET_TIME) * 1000;
	const takeover = readTakeover(parameters);
	if (facts.isOutgoing) return leaveAlone('outgoing');

	const startedAt = Date.now();
	const talk = (await findTalk(call)) ?? (await findLateTalk(call));
	if (!talk) return leaveAlone('no_message');
	for (let isLast = facts.own !== undefined; ; isLast = true) {
		const turn = await waitForSilence(call, talk, startedAt, quietTime);
		if (typeof turn === 'string') return leaveAlone(turn);

		const known = takeover && !talk.subject ? await lookUp(call, talk) : talk;
		if (takeover && (await hasTakenOver(call, known.subject, takeover)))
			return leaveAlone('taken_over');
		if (claim(call, known, turn)) return answer(call, known, turn);
		if (isLast) return leaveAlone('answered');
		// The message of an event that does not name it may not show up yet.
		await waitUntil(startedAt + SHOWN_AFTER, SHOWN_AFTER);
	}
};

function leaveAlone(reason: Reason): Result {
	return { outcome: 'leftAlone', reason };
}

/** A talk may show up after the event of its first message. */
async function findLateTalk(call: Call): Promise<Talk | undefined> {
	await sleep(OPENED_AFTER);
	return await findTalk(call);
}

/**
 * Reads the talk until it is certain whether this execution answers; mostly once.
 *
 * @param startedAt by n8n's clock, in Unix ms
 */
async function waitForSilence(
	{ api, facts }: Call,
	{ talkId }: Talk,
	startedAt: number,
	quietTime: number,
): Promise<Turn | Reason> {
	let own: Own | undefined = facts.own;
	let due = facts.own ? facts.own.writtenAt + quietTime : -Infinity;
	for (let longest = quietTime; ; longest = Math.max(quietTime, SHOWN_AFTER)) {
		await waitUntil(due - api.clockDifference, longest);
		const asked = Date.now();
		const from = Math.floor(((facts.own?.writtenAt ?? startedAt) - DAY) / 1000);
		const messages = await listMessages(api, talkId, startLimits(), from);
		const difference = api.clockDifference;
		own ??= { startedAt: startedAt + difference };
		// If Kommo does not tell its time, that of n8n may be far behind it, and the wait was long enough.
		const now = difference === 0 ? Math.max(asked, due) : asked + difference;
		const decision = decide(sort(messages, answered), own, quietTime, now);
		if (decision.outcome === 'leave') return decision.reason;
		if (decision.outcome === 'answer') return decision.turn;
		({ own, until: due } = decision);
	}
}

/** @param longest in ms; n8n's clock may be wrong */
async function waitUntil(time: number, longest: number): Promise<void> {
	const wait = Math.min(time - Date.now(), longest);
	if (wait > 0) await sleep(wait);
}

/** Whom the talk is with, where the item does not say */
async function lookUp({ api }: Call, talk: Talk): Promise<Talk> {
	const found = await findTalkById(api, talk.talkId, startLimits());
	const subject = found && subjectOf({ ...found, event: 'add', entity: 'talk' } as KommoEvent);
	return { ...talk, chatId: found?.chat_id, ...(subject && { subject }) };
}

async function hasTakenOver(
	{ api }: Call,
	subject: Subject | undefined,
	takeover: Takeover,
): Promise<boolean> {
	if (subject?.list !== 'leads') return false;
	const content = { refusals: leadRefusals };
	const { body } = await api.request('GET', `leads/${subject.id}`, content, startLimits());
	return body !== undefined && isTakenOver(body, takeover);
}

/** Who tests in the editor, or retries a failed execution, may answer the same message again. */
function claim({ context, item }: Call, { talkId }: Talk, { newest }: Turn): boolean {
	if (['manual', 'retry'].includes(context.getMode())) return true;
	const node = `${context.getWorkflow().id} ${context.getNode().id} ${talkId}`;
	const owner = `${context.getExecutionId()} ${item}`;
	return claims.take({ node, message: String(newest.id) }, owner, Date.now());
}

function answer(call: Call, { talkId, chatId, subject }: Talk, turn: Turn): Result {
	const { messages, newest, before } = turn;
	const history = Number(call.parameters.option('history', 20));
	const json = {
		...call.context.getInputData()[call.item]!.json,
		talk_id: talkId,
		chat_id: chatId ?? null,
		text: messages
			.map(({ text }) => text)
			.filter(Boolean)
			.join('\n'),
		messages: [...messages],
		attachments: messages.map(readAttachment).filter((found) => found !== undefined),
		newest_message_id: newest.id,
		history: history > 0 ? before.slice(-history).map(toHistory) : [],
		talk_ref: signTalkRef({ talkId, ...toTarget(subject) }, call.secret),
	};
	return { outcome: 'done', items: [{ json: json as IDataObject, ...withBinary(call) }] };
}

function withBinary({ context, item }: Call) {
	const { binary } = context.getInputData()[item]!;
	return binary && { binary };
}

function toTarget(subject: Subject | undefined): { target?: Target } {
	if (subject?.list !== 'leads' && subject?.list !== 'contacts') return {};
	return { target: { list: subject.list, id: subject.id } };
}

/** With the type of the message, which tells a voice message from other files */
function readAttachment({ id, message_type, attachment }: JsonMap): JsonMap | undefined {
	if (!isMap(attachment) || !attachment.link) return undefined;
	return { message_id: id!, message_type: message_type ?? attachment.type ?? null, ...attachment };
}

function toHistory(message: JsonMap): JsonMap {
	const { text, message_type, created_at } = message;
	return {
		role: roleOf(message),
		text: text || `[${String(message_type ?? 'no text')}]`,
		created_at: created_at ?? null,
	};
}
