import { toEvent, type KommoEvent } from '../events/event';
import type { JsonMap } from '../events/json';
import { parseForm, parseNames } from './form';
import { parseJson } from './jsonBody';
import { listRecords } from './records';
import { isTreeMap, toJson, toJsonMap, valueOf, type TreeMap, type Unreadable } from './tree';

/**
 * The events of a request body, in its order, one for each record.
 *
 * @param body a form or JSON of the shape `{entity: {action: records}, account: {...}}`, as the
 * digital pipeline and the account-wide webhooks send it, or JSON with the names of such a form as keys. Records
 * are a list, a map of indices or a single record, and a record may be a list of records itself,
 * https://developers.kommo.com/docs/webhooks-general
 * @param isTaken which events to return. The others are dropped one by one, so that they fill no memory.
 */
export function readEvents(
	body: string,
	isTaken: (event: KommoEvent) => boolean = () => true,
): KommoEvent[] | Unreadable {
	const tree = parseBody(body);
	if (typeof tree === 'string') return tree;
	const records = listRecords(tree);
	if (typeof records === 'string') return records;

	const sender = valueOf(tree, 'account');
	const account = sender === undefined ? undefined : toJson(sender);
	const events: KommoEvent[] = [];
	for (const { event, entity, record } of records) {
		const fields = toJsonMap(isTreeMap(record) ? record : new Map([['id', record]]));
		const kommoEvent = toEvent(event, entity, fields, account);
		if (isTaken(kommoEvent)) events.push(kommoEvent);
	}
	return events;
}

/**
 * Tells a form from JSON by the body itself, because people's tools send both under any content type. Forms
 * of Kommo have brackets.
 */
function parseBody(body: string): TreeMap | JsonMap | Unreadable {
	const json = /^\s*[{[]/.test(body) ? parseJson(body) : undefined;
	if (json === undefined) return /\[|%5b/i.test(body) ? parseForm(body) : 'notKommo';
	if (json === 'tooMany') return json;
	if (Array.isArray(json)) return 'notKommo';
	return Object.keys(json).some((key) => key.includes('[')) ? parseNames(json, body) : json;
}
