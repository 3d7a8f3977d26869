import { isMap, type Json, type JsonMap } from '../shared/events/json';
import { valueOf, type Id, type ItemParameters } from './parameters';

/** The signs on a lead that a person has taken over its customer */
export interface Takeover {
	/** The id of a checkbox field */
	field?: Id;
	stages: ReadonlyArray<{ pipeline?: Id; stage?: Id }>;
}

/** The signs as they are in the parameter */
interface Signs {
	field?: unknown;
	rules: ReadonlyArray<{ pipeline?: unknown; stage?: unknown }>;
}

const UNREADABLE =
	'Leave Alone cannot be read. Choose its signs again in the editor, or write them as {"field": 805475, "stages": {"rules": [{"pipeline": 752662, "stage": 16203337}]}}. Only an ID can be an expression.';

const EMPTY_RULE =
	'Leave Alone: Stages has an entry without a Pipeline and a Stage. Choose one of them, or delete the entry.';

/**
 * Nothing if no sign is chosen.
 *
 * @throws NodeOperationError if it has anything that cannot be read, or an ID whose expression finds nothing or
 * that the editor has cleared: the AI would then speak over a person, or be silent in a whole pipeline
 */
export function readTakeover(parameters: ItemParameters): Takeover | undefined {
	const written = readSigns(parameters.written('leaveAlone') || {});
	const found = readSigns(parameters.read('leaveAlone') || {});
	if (!written || !found) throw parameters.toError(UNREADABLE);

	/**
	 * @param locator as it is written
	 * @param given what its expression gives
	 */
	const readId = (name: string, locator: unknown, given: unknown) => {
		const label = `Leave Alone: ${name}`;
		if (isCleared(locator)) {
			throw parameters.toError(
				`${label} is empty, because the editor cleared it when the pipeline or the credential changed. Choose it again, or delete it from Leave Alone.`,
			);
		}
		const id = parameters.toId(label, valueOf(given));
		const isUnset = locator === undefined || valueOf(locator) === '';
		if (id !== undefined || isUnset) return id;
		throw parameters.missingError(
			`${label} is empty. If it has an expression, check that the item has the field that the expression reads. Otherwise choose it, or delete it from Leave Alone.`,
		);
	};
	const field = readId('Field', written.field, found.field);
	const stages = written.rules.map((rule, index) => {
		const pipeline = readId('Pipeline', rule.pipeline, found.rules[index]?.pipeline);
		const stage = readId('Stage', rule.stage, found.rules[index]?.stage);
		if (pipeline === undefined && stage === undefined) throw parameters.toError(EMPTY_RULE);
		return { ...(pipeline !== undefined && { pipeline }), ...(stage !== undefined && { stage }) };
	});
	if (field === undefined && stages.length === 0) return undefined;
	return { ...(field !== undefined && { field }), stages };
}

/** Nothing if it has another form: what is in it would not count. */
function readSigns(leaveAlone: unknown): Signs | undefined {
	if (!hasOnly(leaveAlone, ['field', 'stages'])) return undefined;
	const { field, stages = {} } = leaveAlone;
	if (!hasOnly(stages, ['rules'])) return undefined;
	const { rules = [] } = stages;
	const areRules =
		Array.isArray(rules) && rules.every((rule) => hasOnly(rule, ['pipeline', 'stage']));
	return areRules ? { field, rules } : undefined;
}

function hasOnly(value: unknown, names: string[]): value is Record<string, unknown> {
	return isMap(value) && Object.keys(value).every((name) => names.includes(name));
}

/** The editor leaves an empty name only where it has cleared the value (n8n 2.41). */
function isCleared(locator: unknown): boolean {
	const { value, cachedResultName } = (locator ?? {}) as Record<string, unknown>;
	return value === '' && cachedResultName === '';
}

/** @param lead as Kommo's API gives it, https://developers.kommo.com/reference/get-lead */
export function isTakenOver(lead: JsonMap, { field, stages }: Takeover): boolean {
	return (
		(field !== undefined && isTicked(lead, field)) ||
		stages.some(
			({ pipeline, stage }) => isSame(pipeline, lead.pipeline_id) && isSame(stage, lead.status_id),
		)
	);
}

function isTicked({ custom_fields_values }: JsonMap, field: Id): boolean {
	const fields = Array.isArray(custom_fields_values) ? custom_fields_values.filter(isMap) : [];
	const found = fields.find(({ field_id }) => String(field_id) === String(field));
	const values = Array.isArray(found?.values) ? found.values.filter(isMap) : [];
	return values.some(({ value }) => value === true || value === 1 || value === '1');
}

function isSame(wanted: Id | undefined, id: Json | undefined): boolean {
	return wanted === undefined || String(wanted) === String(id);
}
