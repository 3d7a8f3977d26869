import { OWN_FIELDS, type KommoEvent } from '../events/event';
import { parseForm } from './form';
import { parseJson } from './jsonBody';
import { type JsonMap } from '../events/json';
import { isSafeKey, toJson, toJsonMap, type Tree, type TreeMap } from './tree';

/**
 * The events of a request body, in its order, one for each record.
 *
 * @param body a form or JSON of the shape `{entity: {action: records}, account: {...}}`, as the
 * digital pipeline and the account-wide webhooks send it. Records are a list, a map of
 * indices or a single record, and a record may be a list of records itself,
 * https://developers.kommo.com/docs/webhooks-general
 * @returns nothing when the body has no entity with an action, so that it cannot be Kommo's
 */
export function readEvents(body: string): KommoEvent[] | undefined {
	const tree = parseBody(body);
	if (!(tree instanceof Map)) return undefined;

	const actions = [...tree].flatMap(([entity, value]) =>
		entity !== 'account' && value instanceof Map ? listActions(entity, value) : [],
	);
	if (actions.length === 0) return undefined;

	const account = tree.has('account') && { account: toJson(tree.get('account')!) };
	return actions.flatMap(({ entity, event, records }) =>
		listRecords(records).map((record) => ({
			event,
			entity,
			...renameOwnFields(record),
			...account,
		})),
	);
}

/** The body says itself what it is: people's tools send forms and JSON under any content type. */
function parseBody(body: string): Tree {
	const looksLikeJson = /^\s*[{[]/.test(body);
	return (looksLikeJson ? parseJson(body) : undefined) ?? parseForm(body);
}

function listActions(entity: string, actions: TreeMap) {
	return [...actions]
		.filter(([event]) => isName(entity) && isName(event))
		.map(([event, records]) => ({ entity, event, records }));
}

/** Kommo's entities and actions are plain names; markup and prose that read as a form have none. */
function isName(key: string): boolean {
	return /^[a-z][\w-]*$/i.test(key) && isSafeKey(key);
}

function listRecords(records: Tree): JsonMap[] {
	return (elementsOf(records) ?? [records])
		.flatMap(spreadList)
		.filter((record) => record !== null && record !== '')
		.map((record) => toJsonMap(record instanceof Map ? record : new Map([['id', record]])));
}

/** The elements of a list or of a map of indices; nothing if it is neither. */
function elementsOf(tree: Tree): readonly Tree[] | undefined {
	if (Array.isArray(tree)) return tree;
	const hasIndices = tree instanceof Map && [...tree.keys()].every((key) => /^\d+$/.test(key));
	return hasIndices ? [...tree.values()] : undefined;
}

/** The records of a record that is itself a list of them, as in `task[update][0][0][id]`. */
function spreadList(record: Tree): readonly Tree[] {
	const isEmptyMap = record instanceof Map && record.size === 0;
	const elements = isEmptyMap ? undefined : elementsOf(record);
	return elements ? elements.flatMap(spreadList) : [record];
}

function renameOwnFields(record: JsonMap): JsonMap {
	if (!OWN_FIELDS.some((name) => name in record)) return record;
	return Object.fromEntries(
		Object.entries(record).map(([name, value]) => [
			OWN_FIELDS.includes(name) ? `record_${name}` : name,
			value,
		]),
	);
}
