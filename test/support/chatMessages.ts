import { findEvent } from '../../scripts/kommo/events';
import type { KommoStandIn } from '../../scripts/kommo/standIn/kommoStandIn';
import type { Message } from '../../scripts/kommo/standIn/talks';

/** The body with which Kommo sends these messages in one request, each with its talk. */
export async function deliverMessages(
	{ talks, deliveries }: KommoStandIn,
	messages: Array<[Message, number]>,
): Promise<void> {
	const event = findEvent('add_message')!;
	const makeRecord = (index: number) => {
		const [{ author, ...message }, talk_id] = messages[index]!;
		const { chat_id, entity_id } = talks.talks.find((some) => some.talk_id === talk_id)!;
		const ids = { chat_id, talk_id, entity_id, element_id: entity_id };
		return { ...event.makeRecord(talk_id), ...ids, ...message, author: { ...author } };
	};
	await deliveries.happen({ ...event, makeRecord }, { id: 0, records: messages.length });
}
