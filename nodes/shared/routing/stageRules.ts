import type { KommoEvent } from '../events/event';
import type { Json } from '../events/json';

/** A rule of the stage filter: ids as text, empty for any. Its stages are those of its pipeline. */
export interface StageRule {
	pipeline: string;
	from: string;
	to: string;
}

/**
 * The rules of the parameter Stages, `{rules: [{pipeline, from, to}]}`, each of the three a resource locator. In a
 * workflow that a person or an AI wrote it may be a bare id, and a single rule may stand in place of the list.
 *
 * What is no rule gives `undefined`, so that a mistake never opens the filter. An empty rule is one, because the
 * editor shows its fields as "Any". A rule of nothing but null is none: an expression found nothing.
 *
 * It runs in n8n's expressions too, so it uses nothing but its argument.
 */
export const readStageRules = (parameter: unknown): Array<StageRule | undefined> => {
	type Fields = Record<string, unknown>;
	const isMap = (value: unknown): value is Fields =>
		typeof value === 'object' && value !== null && !Array.isArray(value);
	const hasOnly = (map: Fields, names: string[]) =>
		Object.keys(map).every((name) => names.includes(name));

	/** The id; null if there is nothing in its place; `undefined` if there is something else */
	const readId = (locator: unknown): string | null | undefined => {
		const value = isMap(locator) && 'value' in locator ? locator.value : locator;
		if (value === null || value === undefined) return null;
		if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined;
		if (typeof value !== 'string') return undefined;
		const text = value.trim();
		// In the editor, an expression is a text that begins with "=".
		return /^\d*$/.test(text) || text.startsWith('=') ? text : undefined;
	};

	const readRule = (rule: unknown): StageRule | undefined => {
		if (!isMap(rule) || !hasOnly(rule, ['pipeline', 'from', 'to'])) return undefined;
		const read = (field: string) => (field in rule ? readId(rule[field]) : '');
		const [pipeline, from, to] = [read('pipeline'), read('from'), read('to')];
		if (pipeline === undefined || from === undefined || to === undefined) return undefined;
		const isNothing = !pipeline && !from && !to && [pipeline, from, to].includes(null);
		return isNothing ? undefined : { pipeline: pipeline ?? '', from: from ?? '', to: to ?? '' };
	};

	const rules = isMap(parameter) && hasOnly(parameter, ['rules']) ? parameter.rules : parameter;
	if (rules === undefined) return [];
	return (Array.isArray(rules) ? rules : [rules]).map(readRule);
};

/**
 * Whether an event of a lead matches one of the rules. Without rules, and for an event that has no stage,
 * there is nothing to match.
 *
 * The stages won (142) and lost (143) have the same id in every pipeline, so the pipeline is compared
 * on each side on which the rule has a stage: a lead may come from another pipeline than it is in.
 *
 * @param parameter see `readStageRules`
 */
export function matchesStages(event: KommoEvent, parameter: unknown): boolean {
	if (!hasStage(event)) return true;
	const rules = readStageRules(parameter);
	return rules.length === 0 || rules.some((rule) => rule !== undefined && matchesRule(event, rule));
}

function matchesRule(event: KommoEvent, { pipeline, from, to }: StageRule): boolean {
	const comesFrom =
		from === '' ||
		(event.event === 'status' &&
			matches(pipeline, event.old_pipeline_id ?? event.pipeline_id) &&
			matches(from, event.old_status_id));
	const isIn =
		(to === '' && from !== '') ||
		(matches(pipeline, event.pipeline_id) && matches(to, event.status_id));
	return comesFrom && isIn;
}

function hasStage(event: KommoEvent): boolean {
	return event.entity === 'leads' && ('status_id' in event || 'pipeline_id' in event);
}

/** A map that a stranger sends in place of an id matches none. */
function matches(wanted: string, id: Json | undefined): boolean {
	return (
		wanted === '' || ((typeof id === 'number' || typeof id === 'string') && wanted === String(id))
	);
}
