import { toSubdomain } from '../../../credentials/accountAddress';
import { senderOf } from '../events/sender';
import type { KommoEvent } from '../events/event';
import { toList } from '../events/list';
import { OTHER } from '../events/eventTable';
import { matchesStages, type StageRule } from './stageRules';

/** What the user's filters hold; an absent or empty one lets everything pass. */
export interface Filters {
	entities?: readonly string[];
	accountSubdomain?: string;
	ignoreUnchangedStages?: boolean;
	stages?: { rules?: readonly StageRule[] | null } | null;
}

/**
 * The chosen code that takes the event: its own, or else `other`. Nothing when neither is chosen.
 *
 * @param code of the event; nothing when the trigger's table does not have it
 */
export function takenBy(code: string | undefined, chosen: readonly string[]): string | undefined {
	if (code !== undefined && chosen.includes(code)) return code;
	return chosen.includes(OTHER) ? OTHER : undefined;
}

export function passesFilters(event: KommoEvent, filters: Filters): boolean {
	return (
		isOfEntity(event, toList(filters.entities)) &&
		isOfAccount(event, String(filters.accountSubdomain ?? '')) &&
		(filters.ignoreUnchangedStages !== true || !isUnchanged(event)) &&
		matchesStages(event, filters.stages?.rules ?? [])
	);
}

function isOfEntity({ entity }: KommoEvent, entities: readonly string[]): boolean {
	return entities.length === 0 || entities.includes(entity);
}

function isOfAccount(event: KommoEvent, address: string): boolean {
	const wanted = toSubdomain(address);
	return wanted === '' || senderOf(event) === wanted;
}

/**
 * Whether a stage change changed nothing. The stages won (142) and lost (143) have the same id in every
 * pipeline, so the pipeline counts too. Account-wide webhooks leave out the pipeline that a lead came from;
 * what Kommo does not tell counts as changed.
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
