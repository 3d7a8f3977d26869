import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { scripts } from '../../package.json';
import { PROJECT_FOLDER } from '../../scripts/project/folder';

const read = (path: string) => readFileSync(join(PROJECT_FOLDER, path), 'utf8');

const listFiles = (folder: string, ending: RegExp) =>
	readdirSync(join(PROJECT_FOLDER, folder), { encoding: 'utf8', recursive: true })
		.filter((file) => ending.test(file))
		.map((file) => join(folder, file));

const TEXTS = [
	'CONTRIBUTING.md',
	'README.md',
	'SECURITY.md',
	'.ci/run',
	...listFiles('docs', /\.md$/),
	...listFiles('.github', /\.(md|yml)$/),
];

/** `npm run --silent scan -- x`, `npm test`: the script */
const COMMAND = /\bnpm (?:run (?:--?\w+ )*([\w:-]+)|(test|start)\b)/g;

const namedIn = (file: string) =>
	Array.from(read(file).matchAll(COMMAND), ([, script, short]) => script ?? short);

test.each(TEXTS.filter((file) => namedIn(file).length > 0))(
	'the npm scripts that %s names exist',
	(file) => {
		expect(Object.keys(scripts)).toEqual(expect.arrayContaining(namedIn(file)));
	},
);

/** Files that a text names in code, such as `outputs.test.ts` and `scripts/test.ts`, but not patterns of names */
const filesNamedIn = (file: string) =>
	read(file).match(/(?<=`)[\w./-]*\w\.(ts|mjs|json|md)(?=`)/g) ?? [];

test.each(['AGENTS.md', 'CONTRIBUTING.md'])('the files that %s names exist', (text) => {
	const folders = ['nodes', 'scripts', 'test', 'docs', 'examples'];
	const files = folders.flatMap((folder) => listFiles(folder, /\.\w+$/));
	const named = filesNamedIn(text);
	expect(named.length).toBeGreaterThan(3);
	expect(named.filter((name) => !files.some((file) => `/${file}`.endsWith(`/${name}`)))).toEqual(
		[],
	);
});
