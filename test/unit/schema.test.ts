import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { EVENTS } from '../../nodes/KommoPipelineTrigger/events';
import { readEvents } from '../../nodes/shared/decoding/payload';
import { makeBody } from '../../scripts/kommo/body';
import { findEvent } from '../../scripts/kommo/events';
import { readRequest } from '../../scripts/n8n/example';
import { PROJECT_FOLDER } from '../../scripts/project/folder';
import { makeVoiceMessage } from '../support/voiceMessage';

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
	test.each([
		['KommoPipelineTrigger', 'all events', EVENTS.map(({ code }) => readRequest(code))],
		[
			'KommoAccountTrigger',
			'received messages, its default',
			[makeBody(findEvent('add_message')!), makeVoiceMessage(7, 'https://example.com/voice.ogg')],
		],
	])('of %s has the fields of %s, and no others', (folder, _, bodies) => {
		const file = `nodes/${folder}/__schema__/v1.1.0.json`;
		const schema = JSON.parse(readFileSync(join(PROJECT_FOLDER, file), 'utf8')) as Schema;
		const sent = bodies.flatMap((body) => readEvents(body) ?? []);
		const fields = new Set(sent.flatMap((event) => listFields(event)));
		expect(listSchemaFields(schema).sort()).toEqual([...fields].sort());
	});
});
