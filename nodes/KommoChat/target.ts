import type { Subject } from '../shared/enrichment/subject';
import { findOpenTalk } from '../shared/api/talks';
import type { Json } from '../shared/events/json';
import { startLimits } from './limits';
import type { Call } from './operations/operation';
import type { Id } from './parameters';
import { readTalkRef, type TalkRef, type Target } from './talkRef';

/** @param field the item's field that has the ID */
const noReference = (label: string, field: string) =>
	`Talk Reference is empty or not one that Kommo Chat has made with this credential. Put Get Unanswered Messages before the AI Agent, with the same credential, and leave {{ $json.talk_ref }} in Talk Reference. If you need ${label}, enter a number or {{ $('Get unanswered messages').first().json.${field} }}, with the name of your node that has the message. Other expressions are not taken, because with them an AI could choose whom it writes to.`;

/** A talk, and what is known about it */
export interface Talk {
	talkId: Id;
	chatId?: Json;
	subject?: Subject;
}

/**
 * The talk that the parameter names, or else the item's talk: a message names its own, and for a lead or
 * contact it is the open talk that changed last. A tool takes only the talk of the talk reference, or one
 * that the user has typed.
 *
 * @returns nothing if the lead or contact of the item has no open talk
 * @throws NodeOperationError, KommoApiError
 */
export async function findTalk(call: Call): Promise<Talk | undefined> {
	const { parameters, facts, isTool } = call;
	if (isTool) {
		const typed = parameters.isTyped('talkId') ? parameters.optionalId('talkId') : undefined;
		const { talkId, target } =
			typed === undefined ? readReference(call, 'talkId', 'talk_id') : { talkId: typed };
		return { talkId, ...(target && { subject: { ...target, id: Number(target.id) } }) };
	}
	const talkId =
		parameters.optionalId('talkId') ?? parameters.toId('talk_id of the item', facts.talkId);
	const { chatId, subject } = facts;
	if (talkId !== undefined) {
		const isOfItem = String(talkId) === String(facts.talkId);
		return { talkId, ...(isOfItem && { chatId, subject }) };
	}
	if (!subject || subject.list === 'companies') {
		throw parameters.missingError(
			"Talk ID is empty, and the item names no talk, lead or contact. Enter {{ $('Get unanswered messages').item.json.talk_id }} in Talk ID, with the name of your node that has the message.",
		);
	}
	const talk = await findOpenTalk(call.api, subject.list, subject.id, startLimits());
	return talk && { talkId: talk.talk_id as Id, chatId: talk.chat_id, subject };
}

/** @throws NodeOperationError, KommoApiError, also if the item's lead or contact has no open talk */
export async function findTalkId(call: Call): Promise<Id> {
	const talk = await findTalk(call);
	if (talk) return talk.talkId;
	throw call.parameters.toError(
		'The lead or contact of the item has no open talk. Kommo opens one when the customer writes.',
	);
}

/**
 * The lead or contact that the parameter names, or else that of the item. A tool takes only that of the talk
 * reference, or one that the user has typed.
 *
 * @param list the list of the id, if the parameter names one
 * @throws NodeOperationError
 */
export function findTarget(call: Call, list: Target['list']): Target {
	const { parameters, facts, isTool } = call;
	// Of a lead and a contact with the same ID, the type decides which one it is.
	const isTaken = !isTool || (parameters.isTyped('entityId') && parameters.isTyped('entityType'));
	const typed = isTaken ? parameters.optionalId('entityId') : undefined;
	if (typed !== undefined) return { list, id: typed };
	if (isTool) {
		const { target } = readReference(call, 'entityId', 'entity_id');
		if (target) return target;
		throw parameters.toError('The talk of Talk Reference belongs to no lead or contact.');
	}
	const { subject } = facts;
	if (subject?.list === 'leads' || subject?.list === 'contacts') {
		return { list: subject.list, id: subject.id };
	}
	if (subject) {
		const kind = subject.list === 'customers' ? 'customer' : 'company';
		throw parameters.toError(
			`The item is about a ${kind}, but this works for leads and contacts only. Enter the ID of a lead or contact in Entity ID.`,
		);
	}
	throw parameters.missingError(
		"Entity ID is empty, and the item names no lead or contact. Enter {{ $('Get unanswered messages').item.json.entity_id }} in Entity ID, with the name of your node that has the message.",
	);
}

/** @param name of the parameter that the user could have typed instead */
function readReference({ parameters, secret }: Call, name: string, field: string): TalkRef {
	const reference = readTalkRef(String(parameters.read('talkRef')), secret);
	if (!reference) throw parameters.toError(noReference(parameters.label(name), field));
	return reference;
}
