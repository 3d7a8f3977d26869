/** A folder of nodes/shared, e.g. routing; all of them if none is named */
const room = process.env.ROOM;

module.exports = {
	mutate: [
		`nodes/shared/${room ?? '**'}/*.ts`,
		// n8n evaluates the text of these functions, in which the marks of a mutant mean nothing.
		'!nodes/shared/routing/outputs.ts',
		'!nodes/shared/panel/warning.ts',
	],
	testRunner: 'jest',
	jest: {
		projectType: 'custom',
		configFile: 'test/mutants/jest.config.js',
		enableFindRelatedTests: false,
	},
	coverageAnalysis: 'perTest',
	buildCommand: 'npx gulp build',
	disableTypeChecks: 'nodes/**/*.ts',
	ignorePatterns: ['docs/images', 'findings'],
	tempDirName: '.stryker/sandboxes',
	cleanTempDir: 'always',
	incremental: true,
	incrementalFile: `.stryker/${room ?? 'shared'}.json`,
	concurrency: 2,
	reporters: ['progress-append-only', 'clear-text'],
	clearTextReporter: { logTests: false, reportTests: false },
};
