import type { KommoEvent } from '../events/event';
import type { Json, JsonMap } from '../events/json';
import type { Enrichment } from './choice';
import { findIn, NOT_RETURNED, type Outcome } from './outcome';
import { mainContactIdOf } from './records';
import type { Findings } from './search';
import { hasPipeline, isChat, type Subject } from './subject';

type Finder = (findings: Findings) => Outcome<Json>;

/** The fields that each enrichment adds to an event, and what finds their values */
export const FIELDS: Record<
	Enrichment,
	(event: KommoEvent, subject: Subject) => Record<string, Finder>
> = {
	names(event) {
		if (!hasPipeline(event)) return {};
		const { pipeline_id, status_id, old_pipeline_id, old_status_id } = event;
		const oldPipelineId = old_pipeline_id ?? pipeline_id;
		return {
			pipeline_name: findPipelineName(pipeline_id),
			status_name: findStageName(pipeline_id, status_id),
			...(old_status_id !== undefined && {
				old_pipeline_name: findPipelineName(oldPipelineId),
				old_status_name: findStageName(oldPipelineId, old_status_id),
			}),
		};
	},
	record: (_, subject) => ({ record: (findings) => findRecord(subject, findings) }),
	contact: (_, subject) => ({ contact: (findings) => findContact(subject, findings) }),
	responsibleUser: (_, subject) => ({
		responsible_user: (findings) => findUser(subject, findings),
	}),
	message: (event, subject): Record<string, Finder> =>
		isChat(event) ? { message: (findings) => findMessage(subject, findings) } : {},
};

function findPipelineName(pipelineId: Json): Finder {
	return ({ pipelines }) => findIn(pipelines, (list) => findById(list, pipelineId)?.name);
}

function findStageName(pipelineId: Json, stageId: Json | undefined): Finder {
	return ({ pipelines }) =>
		findIn(pipelines, (list) => findById(findById(list, pipelineId)?.stages ?? [], stageId)?.name);
}

function findById<T extends { id: number }>(list: T[], id: Json | undefined): T | undefined {
	return list.find((entry) => entry.id === id);
}

function findRecord({ list, id }: Subject, findings: Findings): Outcome<JsonMap> {
	return findings[list].records.get(id) ?? NOT_RETURNED;
}

function findContact(subject: Subject, findings: Findings): Outcome<JsonMap | null> {
	if (subject.contactId !== undefined) {
		return findings.contacts.records.get(subject.contactId) ?? NOT_RETURNED;
	}
	const record = findRecord(subject, findings);
	if ('problem' in record) return record;
	const id = mainContactIdOf(record.value);
	if (id === undefined) return { value: null };
	return findings[subject.list].contacts.get(id) ?? NOT_RETURNED;
}

function findUser(subject: Subject, findings: Findings): Outcome<JsonMap> {
	const record = findRecord(subject, findings);
	if ('problem' in record) return record;
	return findIn(findings.users, (users) => users.get(record.value.responsible_user_id));
}

function findMessage({ list, id }: Subject, findings: Findings): Outcome<JsonMap | null> {
	return findings[list].messages.get(id) ?? NOT_RETURNED;
}
