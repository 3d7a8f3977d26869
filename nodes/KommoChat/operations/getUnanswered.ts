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
	const talk = await findTalk(call);
	if (!talk) return leaveAlone('no_message');
	const decision = await waitForSilence(call, talk, facts.own ?? { startedAt }, quietTime);
	if (typeof decision === 'string') return leaveAlone(decision);

	const known = takeover && !talk.subject ? await lookUp(call, talk) : talk;
	if (takeover && (await hasTakenOver(call, known.subject, takeover)))
		return leaveAlone('taken_over');
	return claim(call, known, decision) ? answer(call, known, decision) : leaveAlone('answered');
};

function leaveAlone(reason: Reason): Result {
	return { outcome: 'leftAlone', reason };
}

/** Reads the talk until it is certain whether this execution answers; mostly once. */
async function waitForSilence(
	call: Call,
	talk: Talk,
	first: Own,
	quietTime: number,
): Promise<Turn | Reason> {
	const longest = Math.max(quietTime, SHOWN_AFTER);
	let own = first;
	let now = 'id' in own ? await waitUntil(own.writtenAt + quietTime, quietTime) : Date.now();
	for (;;) {
		const from = Math.floor((('id' in own ? own.writtenAt : own.startedAt) - DAY) / 1000);
		const messages = await listMessages(call.api, talk.talkId, startLimits(), from);
		const decision = decide(sort(messages, answered), own, quietTime, now);
		if (decision.outcome === 'leave') return decision.reason;
		if (decision.outcome === 'answer') return decision.turn;
		own = decision.own;
		now = await waitUntil(decision.until, longest);
	}
}

/**
 * The time that was waited for, in Unix ms. It has come by n8n's clock or, if that and Kommo's differ, after the longest
 * wait.
 */
async function waitUntil(time: number, longest: number): Promise<number> {
	const wait = Math.min(time - Date.now(), longest);
	if (wait > 0) await sleep(wait);
	return Math.max(Date.now(), time);
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

/** In the editor, the same message may be answered again and again. */
function claim({ context, item }: Call, { talkId }: Talk, { newest }: Turn): boolean {
	if (context.getMode() === 'manual') return true;
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
