import type { KommoEvent } from './events';
import { parseForm } from './form';
import { typeIds } from './ids';
import { parseJson } from './json';
import { isMap, type Json, type JsonMap } from './tree';

/** The fields of an item that are not the record's; a record's own field of that name gives way. */
const ITEM_FIELDS = new Set(['event', 'entity', 'account']);

/** Kommo's entities and actions are plain names; markup and prose that read as a form have none. */
const NAME = /^[a-z][\w-]*$/i;

/**
 * The events of a request body, in its order, one for each record.
 *
 * @param body a form or JSON of the shape `{entity: {action: records}, account: {...}}`, as the
 * digital pipeline and the account's general webhooks send it. Records are a list, a map of
 * indices or a single record, https://developers.kommo.com/docs/webhooks-general
 * @returns nothing when the body has no entity with an action, so that it cannot be Kommo's
 */
export function readEvents(body: string): KommoEvent[] | undefined {
	const tree = parseBody(body);
	if (!isMap(tree)) return undefined;

	const { account, ...entities } = tree;
	const actions = Object.entries(entities).flatMap(([entity, value]) =>
		isMap(value)
			? Object.entries(value).map(([event, records]) => ({ entity, event, records }))
			: [],
	);
	const named = actions.filter(({ entity, event }) => NAME.test(entity) && NAME.test(event));
	if (named.length === 0) return undefined;

	return named.flatMap(({ entity, event, records }) =>
		listRecords(records).map((record) => ({
			event,
			entity,
			...renameItemFields(record),
			...(account === undefined ? {} : { account }),
		})),
	);
}

/** The body says itself what it is: people's tools send forms and JSON under any content type. */
function parseBody(body: string): Json | undefined {
	const tree = /^\s*[{[]/.test(body) ? parseJson(body) : parseForm(body);
	return tree === undefined ? undefined : typeIds(tree);
}

function listRecords(records: Json): JsonMap[] {
	return elementsOf(records)
		.filter((record) => record !== null)
		.map((record) => (isMap(record) ? record : toRecord(record)));
}

function elementsOf(records: Json): Json[] {
	if (Array.isArray(records)) return records;
	if (isMap(records) && Object.keys(records).every((key) => /^\d+$/.test(key))) {
		return Object.values(records);
	}
	return [records];
}

/** `leads[delete][0]=7`: a bare value is the record's id. */
function toRecord(value: Json): JsonMap {
	return typeIds({ id: value }) as JsonMap;
}

function renameItemFields(record: JsonMap): JsonMap {
	return Object.fromEntries(
		Object.entries(record).map(([name, value]) => [
			ITEM_FIELDS.has(name) ? `record_${name}` : name,
			value,
		]),
	);
}
