import type { KommoEvent } from '../events/event';
import type { Json } from '../events/json';

/** A resource locator's value: an id, or empty for any */
interface Locator {
	value?: unknown;
}

/** A rule of the stage filter. Its stages are those of its pipeline. */
export interface StageRule {
	pipeline?: Locator;
	from?: Locator;
	to?: Locator;
}

/**
 * Whether an event of a lead matches one of the rules. Without rules, and for an event that has no stage,
 * there is nothing to match.
 *
 * The stages won (142) and lost (143) have the same id in every pipeline, so the pipeline is compared
 * on each side on which the rule has a stage: a lead may come from another pipeline than it is in.
 */
export function matchesStages(event: KommoEvent, rules: readonly StageRule[]): boolean {
	if (!hasStage(event) || rules.length === 0) return true;
	return rules.some(({ pipeline, from, to }) => {
		const comesFrom =
			isAny(from) ||
			(event.event === 'status' &&
				matches(pipeline, event.old_pipeline_id ?? event.pipeline_id) &&
				matches(from, event.old_status_id));
		const isIn =
			(isAny(to) && !isAny(from)) ||
			(matches(pipeline, event.pipeline_id) && matches(to, event.status_id));
		return comesFrom && isIn;
	});
}

function hasStage(event: KommoEvent): boolean {
	return event.entity === 'leads' && ('status_id' in event || 'pipeline_id' in event);
}

function isAny(locator: Locator | undefined): boolean {
	return String(locator?.value ?? '').trim() === '';
}

function matches(locator: Locator | undefined, id: Json | undefined): boolean {
	// A map that a stranger sends in place of an id may have a `toString` that is no function.
	const isId = typeof id === 'number' || typeof id === 'string';
	return isAny(locator) || (isId && String(locator?.value).trim() === String(id));
}
