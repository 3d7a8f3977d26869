import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { EVENTS } from '../../nodes/KommoPipelineTrigger/events';
import { toKommoEvent } from '../../nodes/KommoPollingTrigger/items/item';
import { eventsOf } from '../support/decoded';
import { SIMULATED_EVENTS } from '../../scripts/kommo/events';
import { makeBody } from '../../scripts/kommo/body';
import { readRequest } from '../../scripts/n8n/example';
import { PROJECT_FOLDER } from '../../scripts/project/folder';
import { LISTED_STAGE_CHANGE } from '../support/listedStageChange';

/** Every field with its type, such as `account.id: integer`; the first entry of a list is its field `0` */
function listFields(object: object, path = ''): string[] {
	return Object.entries(object).flatMap(([name, value]: [string, unknown]) =>
		typeof value === 'object' && value !== null
			? listFields(value, `${path}${name}.`)
			: [`${path}${name}: ${typeof value === 'number' ? 'integer' : typeof value}`],
	);
}

interface Schema {
	type: string;
	properties?: Record<string, Schema>;
	items?: Schema;
}

function listSchemaFields({ type, properties, items }: Schema, path = ''): string[] {
	if (items) return listSchemaFields(items, `${path}.0`);
	if (!properties) return [`${path}: ${type}`];
	return Object.entries(properties).flatMap(([name, property]) =>
		listSchemaFields(property, path ? `${path}.${name}` : name),
	);
}

/** What n8n knows about a trigger's items before its first event */
function readSchema(trigger: string, version = '1.1.0'): string[] {
	const file = join(PROJECT_FOLDER, 'nodes', trigger, '__schema__', `v${version}.json`);
	return listSchemaFields(JSON.parse(readFileSync(file, 'utf8')) as Schema).sort();
}

const fieldsOf = (body: string) => eventsOf(body).flatMap((event) => listFields(event));

test("the schema of the pipeline trigger's items has the fields of all events, and no others", () => {
	const fields = new Set(EVENTS.flatMap(({ code }) => fieldsOf(readRequest(code))));
	expect(readSchema('KommoPipelineTrigger')).toEqual([...fields].sort());
});

test("the schema of the account trigger's items has the fields that every event has", () => {
	const [first = [], ...others] = SIMULATED_EVENTS.filter(({ source }) => source === 'account').map(
		(event) => fieldsOf(makeBody(event)),
	);
	const common = first.filter((field) => others.every((fields) => fields.includes(field)));
	expect(readSchema('KommoAccountTrigger')).toEqual(common.sort());
});

test("the schema of the polling trigger's items has the fields of its default, and no others", () => {
	const fields = listFields(toKommoEvent(LISTED_STAGE_CHANGE, 'acme'));
	expect(readSchema('KommoPollingTrigger', '1.0.0')).toEqual(fields.sort());
});
