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
 * Nothing if no sign is signs.
 *
 * @throws NodeOperationError if an id is no number
 */
export function readTakeover(parameters: ItemParameters): Takeover | undefined {
	const signs = (parameters.read('leaveAlone') || {}) as {
		field?: unknown;
		stages?: { rules?: Rule[] };
	};
	const field = parameters.toId('Leave Alone: Field', valueOf(signs.field));
	const stages = (signs.stages?.rules ?? []).map((rule) => {
		const pipeline = parameters.toId('Leave Alone: Pipeline', valueOf(rule.pipeline));
		const stage = parameters.toId('Leave Alone: Stage', valueOf(rule.stage));
		return { ...(pipeline !== undefined && { pipeline }), ...(stage !== undefined && { stage }) };
	});
	const chosenStages = stages.filter(
		({ pipeline, stage }) => pipeline !== undefined || stage !== undefined,
	);
	if (field === undefined && chosenStages.length === 0) return undefined;
	return { ...(field !== undefined && { field }), stages: chosenStages };
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
