import { isSafeKey, type JsonMap } from '../events/json';
import { entriesOf, isTreeMap, valueOf, type Tree, type TreeMap, type Unreadable } from './tree';

/** Kommo sends a few hundred at a time. */
const MAX_RECORDS = 10_000;

/** A record as it stands in the body, under its entity and action */
export interface SentRecord {
	entity: string;
	event: string;
	record: Tree;
}

/** The records of all entities and actions, in the body's order. A body without an action cannot be Kommo's. */
export function listRecords(body: TreeMap | JsonMap): SentRecord[] | Unreadable {
	const sent: SentRecord[] = [];
	let hasAction = false;
	for (const { entity, event, records } of listActions(body)) {
		for (const record of flatten(records)) {
			const name = entity ?? findEntity(record);
			if (name !== undefined) sent.push({ entity: name, event, record });
		}
		if (sent.length > MAX_RECORDS) return 'tooMany';
		hasAction ||= entity !== undefined;
	}
	return hasAction || sent.length > 0 ? sent : 'notKommo';
}

/** Each action with its records. Kommo also sends `add` at the top level, without an entity. */
function* listActions(body: TreeMap | JsonMap) {
	for (const [entity, value] of entriesOf(body)) {
		if (entity === 'add') yield { entity: undefined, event: entity, records: value };
		else if (entity !== 'account' && isName(entity) && isTreeMap(value)) {
			for (const [event, records] of entriesOf(value)) {
				if (isName(event)) yield { entity, event, records };
			}
		}
	}
}

/** Kommo's entities and actions are plain names. Markup and prose, read as a form, have none. */
function isName(key: string): boolean {
	return /^[a-z][\w-]*$/i.test(key) && isSafeKey(key);
}

/**
 * Finds the entity of a record that was sent without one, by fields that only this entity has. Kommo sends
 * template reviews like this and, according to its documentation, messages,
 * https://developers.kommo.com/docs/webhooks-general
 */
function findEntity(record: Tree): string | undefined {
	if (!isTreeMap(record)) return undefined;
	const has = (name: string) => valueOf(record, name) !== undefined;
	if (has('reviews') || has('is_on_review')) return 'chat_template_review';
	return has('chat_id') || has('talk_id') ? 'message' : undefined;
}

/**
 * All records in one list. A record can itself be a list of records, as in `task[update][0][0][id]`. Stops
 * when there are too many.
 */
function flatten(records: Tree): Tree[] {
	const flat: Tree[] = [];
	const add = (record: Tree) => {
		if (flat.length > MAX_RECORDS) return;
		const elements = elementsOf(record);
		if (elements) for (const element of elements) add(element);
		else if (record !== null && record !== '') flat.push(record);
	};
	const isEmptyMap = isTreeMap(records) && entriesOf(records).next().done;
	if (!isEmptyMap) add(records);
	return flat;
}

/** The elements of a list or of a map of indices; nothing if it is neither. */
function elementsOf(tree: Tree): Iterable<Tree> | undefined {
	if (Array.isArray(tree)) return tree;
	return isTreeMap(tree) && hasIndices(tree) ? valuesOf(tree) : undefined;
}

function hasIndices(map: TreeMap | JsonMap): boolean {
	let isEmpty = true;
	for (const [key] of entriesOf(map)) {
		if (!/^\d+$/.test(key)) return false;
		isEmpty = false;
	}
	return !isEmpty;
}

function* valuesOf(map: TreeMap | JsonMap): Generator<Tree> {
	for (const [, value] of entriesOf(map)) yield value;
}
