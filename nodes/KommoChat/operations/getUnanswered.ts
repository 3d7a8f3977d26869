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
import {
	decide,
	roleOf,
	SHOWN_AFTER,
	sortMessages,
	type OwnMessage,
	type Reason,
	type Turn,
} from '../turn';
import type { Call, Operation, Result } from './operation';

/** In ms. The talk is read from this long before the message on, for the turn and its history. */
const DAY = 24 * 60 * 60 * 1000;

/** In ms; a talk may open this long after the event of its first message. */
const OPENED_AFTER = 3000;

/** The limits of the parameter, in seconds */
const QUIET_TIME = { min: 0, max: 60 };

const leadRefusals = editRefusals('see the lead');

/** Waits until the customer is silent. Then it gives the customer's turn, or leaves the message alone. */
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

		const withSubject = takeover && !talk.subject ? await addSubject(call, talk) : talk;
		if (takeover && (await hasTakenOver(call, withSubject.subject, takeover)))
			return leaveAlone('taken_over');
		if (claim(call, withSubject, turn)) return giveTurn(call, withSubject, turn);
		if (isLast) return leaveAlone('answered');
		// The event does not name its message, which may not have shown up yet.
		await waitUntil(startedAt + SHOWN_AFTER, SHOWN_AFTER);
	}
};

function leaveAlone(reason: Reason): Result {
	return { outcome: 'leftAlone', reason };
}

/** Looks again a moment later: a talk may open after the event of its first message. */
async function findLateTalk(call: Call): Promise<Talk | undefined> {
	await sleep(OPENED_AFTER);
	return await findTalk(call);
}

/**
 * Reads the talk until it is certain whether this execution answers. Mostly, it reads once.
 *
 * @param startedAt by n8n's clock, in Unix ms
 */
async function waitForSilence(
	{ api, facts }: Call,
	{ talkId }: Talk,
	startedAt: number,
	quietTime: number,
): Promise<Turn | Reason> {
	let own: OwnMessage | undefined = facts.own;
	let due = facts.own ? facts.own.writtenAt + quietTime : -Infinity;
	for (let longest = quietTime; ; longest = Math.max(quietTime, SHOWN_AFTER)) {
		await waitUntil(due - api.clockDifference, longest);
		const askedAt = Date.now();
		const from = Math.floor(((facts.own?.writtenAt ?? startedAt) - DAY) / 1000);
		const messages = await listMessages(api, talkId, startLimits(), from);
		const difference = api.clockDifference;
		own ??= { startedAt: startedAt + difference };
		// If Kommo does not tell its time, n8n's clock may be far behind. The wait was long enough, so it is
		// `due`.
		const now = difference === 0 ? Math.max(askedAt, due) : askedAt + difference;
		const decision = decide(sortMessages(messages, answered), own, quietTime, now);
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

/** Finds out whom the talk is with, if the item does not say */
async function addSubject({ api }: Call, talk: Talk): Promise<Talk> {
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

/** Whether this execution may give the turn. A test in the editor or a retry may give it again. */
function claim({ context, item }: Call, { talkId }: Talk, { newest }: Turn): boolean {
	if (['manual', 'retry'].includes(context.getMode())) return true;
	const scope = `${context.getWorkflow().id} ${context.getNode().id} ${talkId}`;
	const owner = `${context.getExecutionId()} ${item}`;
	return claims.take({ scope, message: String(newest.id) }, owner, Date.now());
}

function giveTurn(call: Call, { talkId, chatId, subject }: Talk, turn: Turn): Result {
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

/** The attachment, with the message's type: it tells a voice message from other files */
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
