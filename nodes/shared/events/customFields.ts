import { isMap, isSafeKey, type Json, type JsonMap } from './json';
import { rename } from './rename';

/** The field that has the custom fields in Kommo's webhooks, and the one in its API */
const LISTS = ['custom_fields', 'custom_fields_values'];

/** Where a custom field has its name. The first of these that it has counts. */
const NAMES = ['name', 'field_name', 'code', 'field_code', 'id', 'field_id'];

/** The field that is added. If a record has a field of this name, it is renamed. */
const NAME = 'fields';

/**
 * The record with `fields`, its custom fields by name, in front of Kommo's own list of them. Each has a list
 * of its values. Fields with the same name are joined. A field without a name has its code as name, or else
 * its id.
 *
 * Webhooks have `custom_fields[]{id, name, code, values}`, and every value is a text. The API has
 * `custom_fields_values[]{field_id, field_name, field_code, values}`, and values have types. `values` is a
 * list of `{value}`. A radio button has one `{value}`, and a date in webhooks has a list with a bare value,
 * https://developers.kommo.com/docs/webhooks-general
 */
export function withFields(record: JsonMap): JsonMap {
	const fields = readFields(record);
	if (!fields && !(NAME in record)) return record;
	const result: JsonMap = {};
	for (const [name, value] of Object.entries(record)) {
		if (fields && LISTS.includes(name)) result[NAME] = fields;
		result[name === NAME ? rename(NAME, record) : name] = value;
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

/** The elements of a list, or of a list with holes, which is a map. A single value is the only element. */
function elementsOf(list: Json | undefined): Json[] {
	if (list === undefined || list === null || list === '') return [];
	if (Array.isArray(list)) return list;
	const isIndexed = isMap(list) && Object.keys(list).every((key) => /^\d+$/.test(key));
	return isIndexed ? Object.values(list) : [list];
}
