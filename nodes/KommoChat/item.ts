import { subjectOf, type Subject } from '../shared/enrichment/subject';
import type { KommoEvent } from '../shared/events/event';
import { isMap, type Json, type JsonMap } from '../shared/events/json';
import type { OwnMessage } from './turn';

/** What an item says about a chat. It may be an event of a trigger, or an item that this node gave. */
export interface ItemFacts {
	/** Whether it is the event of an outgoing message, which nobody has to answer */
	isOutgoing: boolean;
	talkId?: Json;
	chatId?: Json;
	/** The message that the item is about */
	own?: Extract<OwnMessage, { id: string }>;
	/** The lead, customer, contact or company that the item is about */
	subject?: Subject;
}

/**
 * Reads what an item says about its chat. The account trigger's item is the message itself, the polling
 * trigger's has it in `value_after`, and the option Latest Message adds it as `message`.
 */
export function readItem(item: JsonMap): ItemFacts {
	const isMessage = item.entity === 'message' || item.entity === 'outgoing_message';
	const latest = isMap(item.message) ? item.message : {};
	const message = isMessage ? item : (readListed(item) ?? latest);
	const talkId = item.talk_id ?? message.talk_id ?? latest.talk_id;
	const chatId = item.chat_id ?? message.chat_id ?? latest.chat_id;
	const own = readOwnMessage(message);
	const subject = subjectOf(toEvent(item));
	return {
		isOutgoing: item.entity === 'outgoing_message' || message.type === 'outgoing',
		...(talkId !== undefined && { talkId }),
		...(chatId !== undefined && { chatId }),
		...(own && { own }),
		...(subject && { subject }),
	};
}

/** An item that this node gave has the fields of a message, but no entity. */
function toEvent(item: JsonMap): KommoEvent {
	const isEvent = typeof item.entity === 'string';
	return (isEvent ? item : { ...item, event: 'add', entity: 'message' }) as KommoEvent;
}

/** An event of the polling trigger names the message, and has the time when it was written. */
function readListed({ value_after, created_at }: JsonMap): JsonMap | undefined {
	const [after] = Array.isArray(value_after) ? value_after : [];
	const message = isMap(after) && isMap(after.message) ? after.message : undefined;
	return message && { created_at: created_at ?? null, ...message };
}

function readOwnMessage({ id, created_at }: JsonMap): ItemFacts['own'] {
	const seconds = Number(created_at);
	const isId = (typeof id === 'string' && id !== '') || typeof id === 'number';
	return isId && seconds > 0 ? { id: String(id), writtenAt: seconds * 1000 } : undefined;
}
