import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { PROJECT_FOLDER } from '../../scripts/project/folder';

const FOLDER = join(PROJECT_FOLDER, 'docs/images');
const PICTURES = readdirSync(FOLDER);

const KB = 1000;
const MAX_WIDTH = 1600;

/** PNG's color type for up to 256 colors */
const PALETTE = 3;

const pages = ['README.md', ...readdirSync(join(PROJECT_FOLDER, 'docs')).map((n) => `docs/${n}`)]
	.filter((name) => name.endsWith('.md'))
	.map((name) => readFileSync(join(PROJECT_FOLDER, name), 'utf8'))
	.join('\n');

test.each(PICTURES)('docs/images/%s is on a page, and as small as it can be', (name) => {
	expect(pages).toContain(`images/${name}"`);
	const path = join(FOLDER, name);
	const head = readFileSync(path);
	expect(head.readUInt32BE(16)).toBeLessThanOrEqual(MAX_WIDTH);
	expect(head.readUInt8(25)).toBe(PALETTE);
	expect(statSync(path).size).toBeLessThan(150 * KB);
});

test('the pictures take less than 2 MB together', () => {
	const sizes = PICTURES.map((name) => statSync(join(FOLDER, name)).size);
	expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(2000 * KB);
});
