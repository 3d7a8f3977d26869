import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { eventsOf, VERSIONS } from '../../nodes/KommoPipelineTrigger/catalogue';
import { readEvents } from '../../nodes/KommoPipelineTrigger/payload';
import { readRequest } from '../../scripts/example';
import { PROJECT_FOLDER } from '../../scripts/project';

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
	it.each(VERSIONS)('of version %d has the fields of its events, and no others', (version) => {
		const file = `nodes/KommoPipelineTrigger/__schema__/v${version}.0.json`;
		const schema = JSON.parse(readFileSync(join(PROJECT_FOLDER, file), 'utf8')) as Schema;
		const sent = eventsOf(version).flatMap(({ code }) => readEvents(readRequest(code)) ?? []);
		const fields = new Set(sent.flatMap((event) => listFields(event)));
		expect(listSchemaFields(schema).sort()).toEqual([...fields].sort());
	});
});
