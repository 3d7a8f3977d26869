import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

import { PROJECT_FOLDER } from '../../scripts/project/folder';

const list = (folder: string) =>
	readdirSync(join(PROJECT_FOLDER, folder), { recursive: true, withFileTypes: true });

const filesOf = (folder: string) =>
	list(folder)
		.filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
		.map(({ parentPath, name }) => join(parentPath, name));

/** What a file imports: packages as they are named, files by their path in the project */
const importsOf = (file: string) =>
	Array.from(readFileSync(file, 'utf8').matchAll(/\b(?:from|import) '(.+?)'/g), ([, name]) =>
		name!.startsWith('.')
			? relative(PROJECT_FOLDER, resolve(dirname(file), name!)).replaceAll('\\', '/')
			: name!,
	);

describe('the house', () => {
	test('has no room of nodes/ with more than 12 files', () => {
		const files = list('nodes').filter((entry) => entry.isFile());
		const sizes: Record<string, number> = {};
		for (const { parentPath } of files) sizes[parentPath] = (sizes[parentPath] ?? 0) + 1;
		expect(Object.keys(sizes).length).toBeGreaterThan(6);
		expect(Object.entries(sizes).filter(([, size]) => size > 12)).toEqual([]);
	});

	test.each([
		['nodes/shared', 'a trigger', /^nodes\/(?!shared\/)|^(scripts|test|credentials)\//],
		['nodes', 'a package but n8n-workflow', /^(?!node:|nodes\/|n8n-workflow$|package\b)/],
		['scripts', 'a test', /^test\//],
	])('has nothing in %s that imports from %s', (folder, _, forbidden) => {
		const files = filesOf(folder);
		expect(files.length).toBeGreaterThan(10);
		const imports = files.flatMap((file) =>
			importsOf(file).map((name) => `${relative(PROJECT_FOLDER, file)}: ${name}`),
		);
		expect(imports.filter((entry) => forbidden.test(entry.split(': ')[1]!))).toEqual([]);
	});
});
