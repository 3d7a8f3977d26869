import { isMap, type Json, type JsonMap } from '../shared/events/json';
import { valueOf, type Id, type ItemParameters } from './parameters';

/** The signs on a lead that a person has taken over its customer */
export interface Takeover {
	/** The id of a checkbox field */
	field?: Id;
	stages: ReadonlyArray<{ pipeline?: Id; stage?: Id }>;
}

interface Rule {
	pipeline?: unknown;
	stage?: unknown;
}

/**
 * Nothing if no sign is chosen.
 *
 * @throws NodeOperationError if an id is no number, or the editor has cleared it: the AI would then speak over a
 * person, or be silent in a whole pipeline
 */
export function readTakeover(parameters: ItemParameters): Takeover | undefined {
	const signs = (parameters.read('leaveAlone') || {}) as {
		field?: unknown;
		stages?: { rules?: Rule[] };
	};
	const readId = (name: string, locator: unknown) => {
		const label = `Leave Alone: ${name}`;
		if (isCleared(locator)) {
			throw parameters.toError(
				`${label} is empty, because the editor cleared it when the pipeline or the credential changed. Choose it again, or delete it from Leave Alone.`,
			);
		}
		return parameters.toId(label, valueOf(locator));
	};
	const field = readId('Field', signs.field);
	const stages = (signs.stages?.rules ?? []).map((rule) => {
		const pipeline = readId('Pipeline', rule.pipeline);
		const stage = readId('Stage', rule.stage);
		return { ...(pipeline !== undefined && { pipeline }), ...(stage !== undefined && { stage }) };
	});
	const chosenStages = stages.filter(
		({ pipeline, stage }) => pipeline !== undefined || stage !== undefined,
	);
	if (field === undefined && chosenStages.length === 0) return undefined;
	return { ...(field !== undefined && { field }), stages: chosenStages };
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
