import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A body of `fixtures/wire`, as Kommo sent it (ids and names changed). */
export function readWire(name: string): string {
	return readFileSync(join(__dirname, '..', 'fixtures', 'wire', `${name}.txt`), 'utf8');
}
