import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { version } from '../../package.json';
import { readSection, toReleaseNotes } from '../../scripts/project/changelog';
import { PROJECT_FOLDER } from '../../scripts/project/folder';

const CHANGELOG = `# Changelog

## [Unreleased]

## [1.0.1] - 2026-12-02

### Fixed

- Calls of customers, which
  were late.

## [1.0.0] - 2026-12-01

### Added

- [Figures](docs/engineering.md) of what holds.

[Unreleased]:
	https://github.com/a/b/compare/v1.0.1...HEAD
[1.0.2]: https://github.com/a/b/releases/tag/v1.0.2
`;

describe('the section of a version', () => {
	test('is what stands between its heading and the next', () => {
		expect(readSection(CHANGELOG, '1.0.1')).toBe(
			'### Fixed\n\n- Calls of customers, which\n  were late.',
		);
		expect(readSection(CHANGELOG, '1.0.0')).toMatch(/^### Added\n\n- .* of what holds\.$/);
	});

	test.each(['1.0', '0.0', 'Unreleased', '1.0.2'])('is missing of %s', (number) => {
		expect(() => readSection(CHANGELOG, number)).toThrow(
			`CHANGELOG.md says nothing about version ${number}.`,
		);
	});
});

describe('release notes', () => {
	test('have a line for each paragraph', () => {
		expect(
			toReleaseNotes(
				'First\nof all.\n\n### Fixed\n\n- Calls, which\n  were late.\n- Chats\n  - of leads',
				'',
			),
		).toBe('First of all.\n\n### Fixed\n\n- Calls, which were late.\n- Chats\n  - of leads');
	});

	test('link to the files of the version', () => {
		const text = '[Figures](docs/engineering.md) of [n8n](https://n8n.io)';
		expect(toReleaseNotes(text, 'https://github.com/a/b/blob/v1.0.0')).toBe(
			'[Figures](https://github.com/a/b/blob/v1.0.0/docs/engineering.md) of [n8n](https://n8n.io)',
		);
	});
});

test('the newest version in CHANGELOG.md is that of package.json', () => {
	const changelog = readFileSync(join(PROJECT_FOLDER, 'CHANGELOG.md'), 'utf8');
	const [, newest] = changelog.match(/^## \[(\d.*?)\]/m) ?? [];
	expect(newest).toBe(version);
});
