import type { KommoEvent } from '../events/event';
import { isMap, listMaps, type Json } from '../events/json';
import type { Enrichment } from './choice';
import { requireFound, type Lookup } from './lookup';
import { hasPipeline, isChat, type Subject } from './subject';

/** The fields that an enrichment adds to an event, each with a function that requests its value */
type Enrich = (
	event: KommoEvent,
	subject: Subject,
	lookup: Lookup,
	options: Options,
) => Record<string, () => Promise<Json>>;

interface Options {
	/** Whether to request the record with its contacts, because another enrichment needs them */
	withContacts: boolean;
}

export const ENRICH: Record<Enrichment, Enrich> = {
	names(event, _, lookup) {
		if (!hasPipeline(event)) return {};
		const { pipeline_id, status_id, old_pipeline_id, old_status_id } = event;
		const oldPipelineId = old_pipeline_id ?? pipeline_id;
		return {
			pipeline_name: async () => (await lookup.findPipeline(pipeline_id)).name,
			status_name: async () => await findStageName(lookup, pipeline_id, status_id),
			...(old_status_id !== undefined && {
				old_pipeline_name: async () => (await lookup.findPipeline(oldPipelineId)).name,
				old_status_name: async () => await findStageName(lookup, oldPipelineId, old_status_id),
			}),
		};
	},

	record: (_, { list, id }, lookup, { withContacts }) => ({
		record: async () => await lookup.findRecord(list, id, withContacts),
	}),

	contact: (_, subject, lookup) => ({
		contact: async () => {
			const contactId = subject.contactId ?? (await findMainContactId(lookup, subject));
			return contactId === undefined ? null : await lookup.findRecord('contacts', contactId);
		},
	}),

	responsibleUser: (_, { list, id }, lookup, { withContacts }) => ({
		responsible_user: async () => {
			const record = await lookup.findRecord(list, id, withContacts);
			return await lookup.findUser(record.responsible_user_id);
		},
	}),

	message: (event, { list, id }, lookup): ReturnType<Enrich> =>
		isChat(event) ? { message: async () => await lookup.findLatestMessage(list, id) } : {},
};

async function findStageName(lookup: Lookup, pipelineId: Json, id: Json | undefined) {
	const { stages } = await lookup.findPipeline(pipelineId);
	return requireFound(stages.find((stage) => stage.id === id)).name;
}

/** Nothing if the record has no main contact. */
async function findMainContactId(lookup: Lookup, { list, id }: Subject): Promise<Json | undefined> {
	const { _embedded } = await lookup.findRecord(list, id, true);
	const contacts = isMap(_embedded) ? listMaps(_embedded.contacts) : [];
	return contacts.find(({ is_main }) => is_main === true)?.id;
}
