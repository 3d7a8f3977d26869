const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { default: JestRunner } = require('jest-runner');

/** Files that noticed a fault, the latest first: they often notice the next one, too. */
let noticed = [];

/**
 * Stryker names the tests that reach a fault, and Jest would load all files to find them. This runner remembers from
 * the first run which tests a file has, loads only the files in question, unit tests first, and stops at the first
 * that notices the fault.
 */
module.exports = class extends JestRunner {
	#names = join(this._globalConfig.rootDir, '.tests-of-files.json');

	async runTests(tests, watcher, options) {
		const { testNamePattern } = this._globalConfig;
		const pattern = testNamePattern && new RegExp(testNamePattern, 'i');
		const isFirst = !existsSync(this.#names);
		const namesOf = isFirst ? {} : JSON.parse(readFileSync(this.#names, 'utf8'));

		let hasFailed = false;
		this.on('test-file-failure', () => (hasFailed = true));
		this.on('test-file-success', ([{ path }, { numFailingTests, testResults }]) => {
			hasFailed ||= numFailingTests > 0;
			if (isFirst) namesOf[path] = testResults.map(({ fullName }) => fullName);
		});

		for (const test of [...tests].sort((a, b) => rank(a) - rank(b))) {
			if (pattern && !namesOf[test.path]?.some((name) => pattern.test(name))) continue;
			await super.runTests([test], watcher, options);
			if (isFirst || !hasFailed) continue;
			noticed = [test.path, ...noticed.filter((path) => path !== test.path)];
			break;
		}
		if (isFirst) writeFileSync(this.#names, JSON.stringify(namesOf));
	}
};

function rank({ path }) {
	if (!path.includes('/unit/')) return Number.MAX_VALUE;
	const index = noticed.indexOf(path);
	return index === -1 ? noticed.length : index;
}
