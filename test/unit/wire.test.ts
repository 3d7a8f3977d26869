import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { codesOf } from '../../nodes/KommoAccountTrigger/events';
import * as pipeline from '../../nodes/KommoPipelineTrigger/events';
import { PROJECT_FOLDER } from '../../scripts/project/folder';
import { eventsOf } from '../support/decoded';
import { listWires, readItems, readWire } from '../support/wire';

const page = readFileSync(join(PROJECT_FOLDER, 'docs', 'kommo-webhooks.md'), 'utf8');
const [, shapes = ''] = page.split('\n## Shapes\n');
const ROWS = Array.from(
	shapes.replace(/\n {2}/g, ' ').matchAll(/^- (.+?) \(.+?\): (`.+`)$/gm),
	([, code, bodies]) => ({
		code: code!.replaceAll('`', ''),
		names: bodies!.split(', ').map((name) => name.replaceAll('`', '')),
	}),
);

test.each(listWires())('%s gives its items, with their fields in reading order', (name) => {
	const written = (items: unknown) => JSON.stringify(items, null, '\t');
	expect(written(eventsOf(readWire(name)))).toBe(written(readItems(name)));
});

test('docs/kommo-webhooks.md has each body once', () => {
	expect(ROWS.flatMap(({ names }) => names).sort()).toEqual(listWires().sort());
});

/** The code by which each kind of row is told apart from the others */
const codesIn = (name: string) => readItems(name).map((item) => codesOf(item)[0] ?? 'none');

test.each(ROWS.flatMap(({ code, names }) => names.map((name) => [name, code] as const)))(
	'%s is of the code that docs/kommo-webhooks.md gives: %s',
	(name, code) => {
		if (code === 'digital pipeline') {
			for (const item of readItems(name)) expect(pipeline.codesOf(item)).toEqual([item.event]);
		} else if (code === 'several') {
			expect(new Set(codesIn(name)).size).toBeGreaterThan(1);
		} else {
			expect(new Set(codesIn(name))).toEqual(new Set([code]));
		}
	},
);
