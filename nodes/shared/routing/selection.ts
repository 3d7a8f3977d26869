import { isSameAccount, readAccount, type Account } from '../../../credentials/accountAddress';
import { senderOf } from '../events/sender';
import type { KommoEvent } from '../events/event';
import { isMap } from '../events/json';
import { toList } from '../events/list';
import { OTHER } from '../events/eventTable';
import { matchesStages, readStageRules } from './stageRules';

/**
 * The values of the user's filters. They may have any type, because an expression may give them. An absent or
 * empty filter lets everything pass. A filter that cannot be read lets nothing pass.
 */
export interface Filters {
	entities?: unknown;
	accountSubdomain?: unknown;
	ignoreUnchangedStages?: unknown;
	stages?: unknown;
}

/**
 * The chosen code that takes the event: one of the event's codes, or else `other`. Nothing if neither is
 * chosen.
 *
 * @param codes of the event, the most exact one first; none when the trigger's table does not have it
 */
export function takenBy(codes: readonly string[], chosen: readonly string[]): string | undefined {
	return [...codes, OTHER].find((code) => chosen.includes(code));
}

export function passesFilters(event: KommoEvent, filters: Filters): boolean {
	return (
		isMap(filters) &&
		isOfEntity(event, filters) &&
		isOfAccount(event, filters) &&
		(!isOn(filters.ignoreUnchangedStages) || !isUnchanged(event)) &&
		matchesStages(event, filters.stages)
	);
}

/** The names of the filters whose value cannot be read */
export function findUnreadable(filters: Filters): string[] {
	if (!isMap(filters)) return ['Filters'];
	const isReadable = {
		Entities: readEntities(filters) !== undefined,
		'Account Subdomain': readWanted(filters) !== undefined,
		Stages: !readStageRules(filters.stages).includes(undefined),
	};
	return Object.entries(isReadable).flatMap(([name, isFine]) => (isFine ? [] : [name]));
}

function isOfEntity({ entity }: KommoEvent, filters: Filters): boolean {
	const entities = readEntities(filters);
	return entities !== undefined && (entities.length === 0 || entities.includes(entity));
}

function readEntities({ entities }: Filters): string[] | undefined {
	if (entities === undefined || entities === '') return [];
	const list = toList(entities);
	return list.length > 0 || (Array.isArray(entities) && entities.length === 0) ? list : undefined;
}

function isOfAccount(event: KommoEvent, filters: Filters): boolean {
	const wanted = readWanted(filters);
	if (!wanted?.subdomain) return wanted !== undefined;
	const sender = senderOf(event);
	return sender !== undefined && isSameAccount(sender, wanted);
}

function readWanted({ accountSubdomain = '' }: Filters): Account | undefined {
	return ['string', 'number'].includes(typeof accountSubdomain)
		? readAccount(String(accountSubdomain))
		: undefined;
}

function isOn(value: unknown): boolean {
	return value === true || value === 'true';
}

/**
 * Whether a stage change changed nothing. The stages won (142) and lost (143) have the same id in every
 * pipeline, so the pipeline is compared too, if Kommo sends the old one: account-wide webhooks leave it out.
 * Without the old stage, the stage counts as changed.
 */
function isUnchanged(event: KommoEvent): boolean {
	const isSame = (old: string, current: string) => old in event && event[old] === event[current];
	return (
		event.event === 'status' &&
		event.entity === 'leads' &&
		isSame('old_status_id', 'status_id') &&
		(isSame('old_pipeline_id', 'pipeline_id') || !('old_pipeline_id' in event))
	);
}
