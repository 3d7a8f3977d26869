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
	test.each([
		['nodes/shared', 'a trigger', /^nodes\/(?!shared\/)|^(scripts|test)\//],
		[
			'nodes',
			'a package but n8n-workflow',
			/^(?!node:|nodes\/|credentials\/|n8n-workflow$|package\b)/,
		],
		['credentials', 'nodes/', /^nodes\//],
		['scripts', 'a test', /^test\//],
	])('has nothing in %s that imports from %s', (folder, _, forbidden) => {
		const files = filesOf(folder);
		expect(files.length).toBeGreaterThan(5);
		const imports = files.flatMap((file) =>
			importsOf(file).map((name) => `${relative(PROJECT_FOLDER, file)}: ${name}`),
		);
		expect(imports.filter((entry) => forbidden.test(entry.split(': ')[1]!))).toEqual([]);
	});
});
