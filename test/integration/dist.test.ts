import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { PROJECT_FOLDER } from '../../scripts/project/folder';

const dist = join(PROJECT_FOLDER, 'dist');
const listFiles = (folder: string) => readdirSync(folder, { recursive: true, encoding: 'utf8' });

describe('the built package', () => {
	test('bundles the libraries that SECURITY.md lists, in these versions, with their licences', () => {
		const policy = readFileSync(join(PROJECT_FOLDER, 'SECURITY.md'), 'utf8');
		const [, section = ''] = policy.split('## Bundled libraries');
		const rows = section.matchAll(/^\| +\[(.+?)\]\(.+?\) +\| +(\d\S*)/gm);
		const listed = Array.from(rows, ([, name, version]) => `${name}@${version}`);

		// The build puts a licence there for each package that has code in a bundle.
		const licences = listFiles(join(dist, 'licences')).filter((file) =>
			/licen|copying/i.test(file),
		);
		expect(licences.map(dirname).sort()).toEqual(listed.sort());
	});

	test('has no way to files, processes or the network but through n8n', () => {
		const required = listFiles(dist)
			.filter((file) => file.endsWith('.js'))
			.flatMap((file) => {
				const code = readFileSync(join(dist, file), 'utf8');
				expect(code).not.toMatch(/\bprocess\b|\bfetch\b|\bglobalThis\b|\beval\b|\bimport\(/);
				return Array.from(code.matchAll(/\brequire\("(.+?)"\)/g), ([, name]) => name);
			});
		expect(new Set(required)).toEqual(new Set(['n8n-workflow', 'node:crypto']));
	});
});
