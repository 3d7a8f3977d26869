import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { KommoEvent } from '../../nodes/shared/events/event';

/** Bodies as Kommo sends them (ids and names changed), each with its items; docs/kommo-webhooks.md describes them. */
export const WIRE_FOLDER = join(__dirname, '..', 'fixtures', 'wire');

/** The names of all bodies */
export function listWires(): string[] {
	const files = readdirSync(WIRE_FOLDER).filter((file) => file.endsWith('.txt'));
	return files.map((file) => file.replace(/\.txt$/, ''));
}

export function readWire(name: string): string {
	return readFileSync(join(WIRE_FOLDER, `${name}.txt`), 'utf8');
}

/** The items that must come of the body */
export function readItems(name: string): KommoEvent[] {
	return JSON.parse(readFileSync(join(WIRE_FOLDER, `${name}.json`), 'utf8')) as KommoEvent[];
}
