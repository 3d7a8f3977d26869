import { senderOf, toSubdomain } from '../account';
import type { KommoEvent } from '../event';
import { matchesStages, type StageRule } from './stageRules';

/** What the user chose to receive; an absent or empty filter lets everything pass. */
export interface Selection {
	/** Codes of events */
	events: readonly string[];
	otherEvents: 'output' | 'ignore';
	filters: {
		entities?: readonly string[];
		accountSubdomain?: string;
		stageChangesOnly?: boolean;
		stages?: { rules?: readonly StageRule[] };
	};
}

/**
 * Whether the user wants the event: selected by its kind, and passing every filter.
 *
 * @param code of the event; nothing for an Other event
 */
export function isSelected(
	event: KommoEvent,
	code: string | undefined,
	{ events, otherEvents, filters }: Selection,
): boolean {
	const isWanted = code === undefined ? otherEvents === 'output' : events.includes(code);
	return (
		isWanted &&
		isOfEntity(event, filters.entities ?? []) &&
		isOfAccount(event, String(filters.accountSubdomain ?? '')) &&
		(!filters.stageChangesOnly || code !== 'status' || hasChangedStage(event)) &&
		(code === undefined || matchesStages(event, filters.stages?.rules ?? []))
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
 * The stages won (142) and lost (143) have the same id in every pipeline, so the pipeline counts
 * too. General webhooks leave out where a lead came from; what cannot be told counts as changed.
 */
function hasChangedStage(event: KommoEvent): boolean {
	const isSame = (old: string, current: string) => old in event && event[old] === event[current];
	return !(
		isSame('old_status_id', 'status_id') &&
		(isSame('old_pipeline_id', 'pipeline_id') || !('old_pipeline_id' in event))
	);
}
