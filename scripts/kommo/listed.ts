import { codesOf, EVENTS } from '../../nodes/KommoPollingTrigger/events';
import type { SimulatedEvent } from './events';
import type { ListedEvent } from './standIn/events';

/** Of the account-wide webhooks; the others are named by a rule */
const TYPES: Record<string, string> = {
	status_lead: 'lead_status_changed',
	add_message: 'incoming_chat_message',
	add_outgoing_message: 'outgoing_chat_message',
};

const PARTICIPLES: Record<string, string> = {
	add: 'added',
	delete: 'deleted',
	restore: 'restored',
};

/** What records have of the fields that matter here */
interface AnyRecord {
	id?: unknown;
	entity_id?: number;
	status_id?: number;
	pipeline_id?: number;
	old_status_id?: number;
	old_pipeline_id?: number;
}

/**
 * An event as it stands in Kommo's list of events, too. Nothing if the list has no such event, or has it in
 * another shape.
 */
export function toListed(event: SimulatedEvent, record: object): Partial<ListedEvent> | undefined {
	const type = typeOf(event);
	if (!type) return undefined;
	const { id, entity_id, ...stages } = record as AnyRecord;
	const isMessage = event.code !== undefined && entity_id !== undefined;
	return {
		type,
		entity_type: isMessage || event.source === 'pipeline' ? 'lead' : nounOf(event),
		entity_id: isMessage ? entity_id : Number(id),
		value_before: [],
		value_after: isMessage ? [{ message: { id } }] : [],
		...(type === 'lead_status_changed' && makeValues(stages)),
	};
}

const nounOf = ({ code = '' }: SimulatedEvent) => code.slice(code.indexOf('_') + 1);

function typeOf(event: SimulatedEvent): string | undefined {
	const { source, entity, action, code = '' } = event;
	if (source === 'pipeline') return entity === 'leads' ? listedAs(action) : undefined;
	const noun = nounOf(event);
	const participle = PARTICIPLES[code.slice(0, -noun.length - 1)];
	return TYPES[code] ?? listedAs(`${noun}_${participle}`);
}

function listedAs(event: string): string | undefined {
	return EVENTS.find(({ code }) => codesOf({ event }).includes(code))?.code;
}

function makeValues(record: AnyRecord): Pick<ListedEvent, 'value_before' | 'value_after'> {
	const { status_id, pipeline_id, old_status_id, old_pipeline_id = pipeline_id } = record;
	return {
		value_before: [{ lead_status: { id: old_status_id, pipeline_id: old_pipeline_id } }],
		value_after: [{ lead_status: { id: status_id, pipeline_id } }],
	};
}
