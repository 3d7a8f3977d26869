import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { EVENTS } from '../../nodes/KommoPipelineTrigger/events';
import { readEvents } from '../../nodes/shared/decoding/payload';
import { readRequest } from '../../scripts/n8n/example';
import { PROJECT_FOLDER } from '../../scripts/project/folder';

/** Every field with its type, such as `account.id: integer` */
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
}

function listSchemaFields({ type, properties }: Schema, path = ''): string[] {
	if (!properties) return [`${path}: ${type}`];
	return Object.entries(properties).flatMap(([name, property]) =>
		listSchemaFields(property, path ? `${path}.${name}` : name),
	);
}

describe('the schema of the items', () => {
	it('has the fields of the events, and no others', () => {
		const file = 'nodes/KommoPipelineTrigger/__schema__/v1.1.0.json';
		const schema = JSON.parse(readFileSync(join(PROJECT_FOLDER, file), 'utf8')) as Schema;
		const sent = EVENTS.flatMap(({ code }) => readEvents(readRequest(code)) ?? []);
		const fields = new Set(sent.flatMap((event) => listFields(event)));
		expect(listSchemaFields(schema).sort()).toEqual([...fields].sort());
	});
});
