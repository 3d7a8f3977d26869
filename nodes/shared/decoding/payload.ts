import { toEvent, type KommoEvent } from '../events/event';
import type { JsonMap } from '../events/json';
import { parseForm, parseNames } from './form';
import { parseJson } from './jsonBody';
import { listRecords } from './records';
import {
	isTreeMap,
	TooManyError,
	toJson,
	toJsonMap,
	valueOf,
	type Tree,
	type TreeMap,
} from './tree';

/** Why a body gives no events: it cannot be Kommo's, or it holds more than Kommo ever sends. */
export type Unreadable = 'notKommo' | 'tooMany';

/**
 * The events of a request body, in its order, one for each record.
 *
 * @param body a form or JSON of the shape `{entity: {action: records}, account: {...}}`, as the
 * digital pipeline and the account-wide webhooks send it, or JSON with the names of such a form as keys. Records
 * are a list, a map of indices or a single record, and a record may be a list of records itself,
 * https://developers.kommo.com/docs/webhooks-general
 * @param isTaken which events to give; all others are forgotten one by one
 */
export function readEvents(
	body: string,
	isTaken: (event: KommoEvent) => boolean = () => true,
): KommoEvent[] | Unreadable {
	try {
		const tree = parseBody(body);
		return (isTreeMap(tree) && listEvents(tree, isTaken)) || 'notKommo';
	} catch (error) {
		if (error instanceof TooManyError) return 'tooMany';
		throw error;
	}
}

/**
 * The body says itself what it is: people's tools send forms and JSON under any content type. A form of Kommo's
 * has brackets.
 */
function parseBody(body: string): Tree {
	const json = /^\s*[{[]/.test(body) ? parseJson(body) : undefined;
	if (json === undefined) return /\[|%5b/i.test(body) ? parseForm(body) : null;
	return isTreeMap(json) && Object.keys(json).some((key) => key.includes('['))
		? parseNames(json, body)
		: json;
}

function listEvents(
	tree: TreeMap | JsonMap,
	isTaken: (event: KommoEvent) => boolean,
): KommoEvent[] | undefined {
	const records = listRecords(tree);
	if (!records) return undefined;
	const sender = valueOf(tree, 'account');
	const account = sender === undefined ? undefined : toJson(sender);
	const events: KommoEvent[] = [];
	for (const { event, entity, record } of records) {
		const fields = toJsonMap(isTreeMap(record) ? record : new Map([['id', record]]));
		const made = toEvent(event, entity, fields, account);
		if (isTaken(made)) events.push(made);
	}
	return events;
}
