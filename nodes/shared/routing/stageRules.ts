import type { KommoEvent } from '../events/event';
import type { Json } from '../events/json';

/**
 * A rule of the stage filter, with ids as texts; an empty text stands for any. Both stages belong to the
 * pipeline.
 */
export interface StageRule {
	pipeline: string;
	from: string;
	to: string;
}

/**
 * The rules of the parameter Stages, `{rules: [{pipeline, from, to}]}`, each of the three a resource locator.
 * A workflow that a person or an AI wrote may have bare ids in their place, and a single rule in place of the
 * list.
 *
 * What cannot be read gives `undefined`, so that a mistake never opens the filter. An empty rule is valid,
 * because the editor shows its fields as "Any". A rule with nothing but null is not valid: its expressions
 * found nothing. A field that the editor has cleared is not valid: n8n does so when the credential changes and
 * the new account does not have the record (n8n 2.41), and the rule would then take more leads than it was
 * made for.
 *
 * It runs in n8n's expressions too, so it uses nothing but its argument.
 */
export const readStageRules = (parameter: unknown): Array<StageRule | undefined> => {
	type Fields = Record<string, unknown>;
	const isMap = (value: unknown): value is Fields =>
		typeof value === 'object' && value !== null && !Array.isArray(value);
	const hasOnly = (map: Fields, names: string[]) =>
		Object.keys(map).every((name) => names.includes(name));

	/** The id; null if there is none; `undefined` if it cannot be read */
	const readId = (locator: unknown): string | null | undefined => {
		// The editor leaves an empty name only where it has cleared the value.
		if (isMap(locator) && locator.value === '' && locator.cachedResultName === '') return undefined;
		const value = isMap(locator) && 'value' in locator ? locator.value : locator;
		if (value === null || value === undefined) return null;
		if (typeof value !== 'number' && typeof value !== 'string') return undefined;
		const text = String(value).trim();
		const isId = /^[1-9]\d*$/.test(text) && Number.isSafeInteger(Number(text));
		// In the editor, an expression is a text that begins with "=".
		return isId || text === '' || text.startsWith('=') ? text : undefined;
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
 * Whether an event matches one of the rules. If there are no rules, or the event has no stage, it matches.
 *
 * The stages won (142) and lost (143) have the same id in every pipeline, so each stage of the rule is
 * compared together with its pipeline. A lead may come from another pipeline.
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

/** Anybody can send a map in place of an id. It matches no rule. */
function matches(wanted: string, id: Json | undefined): boolean {
	return wanted === '' || (typeof id === 'number' && wanted === String(id));
}
