import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { PROJECT_FOLDER } from '../../scripts/project/folder';

const read = (path: string) => readFileSync(join(PROJECT_FOLDER, path), 'utf8');

/** Of `[form](test/unit/form.test.ts): "drops the key", "drops a name"`: the file and the titles */
const CITATION = /\]\((test\/[\w./-]+)\):((?:,? "[^"]+")+)/g;

const citations = Array.from(
	read('SECURITY.md').replace(/\s+/g, ' ').matchAll(CITATION),
	([, file = '', titles = '']) => [file, titles.match(/[^"]{2,}/g)!.filter((t) => t !== ', ')],
) as Array<[string, string[]]>;

describe('SECURITY.md', () => {
	test('names tests', () => {
		expect(citations.length).toBeGreaterThan(10);
	});

	test.each(citations)('names tests of %s that exist: %j', (file, titles) => {
		const tests = read(file);
		for (const title of titles) expect(tests).toContain(title);
	});
});
