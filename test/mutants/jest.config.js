const { projects, ...common } = require('../../jest.config');

const kinds = (process.env.TESTS ?? 'unit integration').split(' ');
const chosen = projects.filter(({ displayName }) => kinds.includes(displayName));

/** The tests that have to notice a fault: without n8n, and fast enough to run a thousand times */
module.exports = {
	...common,
	...projects.find(({ displayName }) => displayName === 'unit'),
	rootDir: '../..',
	runner: '<rootDir>/test/mutants/runner.js',
	setupFiles: ['<rootDir>/test/mutants/marks.js'],
	testMatch: chosen.flatMap(({ testMatch }) => testMatch),
	testPathIgnorePatterns: [
		// They read pages and the sources as they are written.
		'unit/(contributing|docs|securityPolicy)',
		'integration/dist',
	],
};
