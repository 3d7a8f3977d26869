import { isMap, isSafeKey, type Json, type JsonMap } from './json';

/** Where Kommo's webhooks have custom fields, and where its API has them */
const LISTS = ['custom_fields', 'custom_fields_values'];

/** What a field goes by: the first that it has */
const NAMES = ['name', 'field_name', 'code', 'field_code', 'id', 'field_id'];

/** A record's own field of this name is renamed. */
const NAME = 'fields';

/**
 * The record with its custom fields by name, as `fields`, in front of Kommo's own list of them. Each is a list of
 * its values, and fields of one name are joined. A field without a name goes by its code, else by its id.
 *
 * Webhooks have `custom_fields[]{id, name, code, values}` and texts, the API
 * `custom_fields_values[]{field_id, field_name, field_code, values}` with types of its own. Values are a list of
 * `{value}`, of a radio button one `{value}`, and of a date in webhooks a bare value in a list,
 * https://developers.kommo.com/docs/webhooks-general
 */
export function withFields(record: JsonMap): JsonMap {
	const fields = readFields(record);
	if (!fields && !(NAME in record)) return record;
	const result: JsonMap = {};
	for (const [name, value] of Object.entries(record)) {
		if (fields && LISTS.includes(name)) result[NAME] = fields;
		result[name === NAME ? `record_${NAME}` : name] = value;
	}
	return result;
}

/** Nothing if the record has no custom fields. */
function readFields(record: JsonMap): JsonMap | undefined {
	const values = new Map<string, Json[]>();
	for (const field of LISTS.flatMap((list) => elementsOf(record[list])).filter(isMap)) {
		const name = nameOf(field);
		if (name === undefined || !isSafeKey(name)) continue;
		if (!values.has(name)) values.set(name, []);
		for (const value of valuesOf(field.values)) values.get(name)!.push(value);
	}
	return values.size > 0 ? Object.fromEntries(values) : undefined;
}

function nameOf(field: JsonMap): string | undefined {
	const key = NAMES.find((name) => field[name] && typeof field[name] !== 'object');
	return key && String(field[key]);
}

function valuesOf(values: Json | undefined): Json[] {
	return elementsOf(values).map((value) =>
		isMap(value) && 'value' in value ? value.value! : value,
	);
}

/** The elements of a list, or of a list with holes, which is a map; a single value as the only one. */
function elementsOf(list: Json | undefined): Json[] {
	if (list === undefined || list === null || list === '') return [];
	if (Array.isArray(list)) return list;
	const isIndexed = isMap(list) && Object.keys(list).every((key) => /^\d+$/.test(key));
	return isIndexed ? Object.values(list) : [list];
}
