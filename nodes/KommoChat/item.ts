import { subjectOf, type Subject } from '../shared/enrichment/subject';
import type { KommoEvent } from '../shared/events/event';
import { isMap, type Json, type JsonMap } from '../shared/events/json';
import type { Own } from './turn';

/** What an item says of a chat, be it an event of one of the triggers or what this node gave */
export interface ItemFacts {
	/** An outgoing message's event, which nobody has to answer */
	isOutgoing: boolean;
	talkId?: Json;
	chatId?: Json;
	/** The message that it is about */
	own?: Extract<Own, { id: string }>;
	/** The lead, customer, contact or company that it is about */
	subject?: Subject;
}

/**
 * Reads the message of the account trigger (the item itself), that of the polling trigger (in `value_after`), or the
 * one that the option Latest Message has added.
 */
export function readItem(item: JsonMap): ItemFacts {
	const isMessage = item.entity === 'message' || item.entity === 'outgoing_message';
	const latest = isMap(item.message) ? item.message : {};
	const message = isMessage ? item : (readListed(item) ?? latest);
	const talkId = item.talk_id ?? message.talk_id ?? latest.talk_id;
	const chatId = item.chat_id ?? message.chat_id ?? latest.chat_id;
	const own = readOwn(message);
	const subject = subjectOf(toEvent(item));
	return {
		isOutgoing: item.entity === 'outgoing_message' || message.type === 'outgoing',
		...(talkId !== undefined && { talkId }),
		...(chatId !== undefined && { chatId }),
		...(own && { own }),
		...(subject && { subject }),
	};
}

/** What this node gave of a message has the message's fields without its entity. */
function toEvent(item: JsonMap): KommoEvent {
	const isEvent = typeof item.entity === 'string';
	return (isEvent ? item : { ...item, event: 'add', entity: 'message' }) as KommoEvent;
}

/** An event of the list names the message, and has the time at which it was written. */
function readListed({ value_after, created_at }: JsonMap): JsonMap | undefined {
	const [after] = Array.isArray(value_after) ? value_after : [];
	const message = isMap(after) && isMap(after.message) ? after.message : undefined;
	return message && { created_at: created_at ?? null, ...message };
}

function readOwn({ id, created_at }: JsonMap): ItemFacts['own'] {
	const seconds = Number(created_at);
	const isId = (typeof id === 'string' && id !== '') || typeof id === 'number';
	return isId && seconds > 0 ? { id: String(id), writtenAt: seconds * 1000 } : undefined;
}
