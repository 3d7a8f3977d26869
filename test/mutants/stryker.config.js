/** A folder of nodes/shared, e.g. routing; all of them if none is named */
const room = process.env.ROOM;

/** n8n evaluates the text of functions of these files, and there it does not know the marks of a mutant. */
const EVALUATED = ['routing/outputs', 'panel/warning', 'panel/eventParameters'];

module.exports = {
	mutate: [
		`nodes/shared/${room ?? '**'}/*.ts`,
		...(process.env.TESTS === 'unit' ? [] : EVALUATED.map((file) => `!nodes/shared/${file}.ts`)),
	],
	// The room's texts are for people only.
	mutator: { excludedMutations: room === 'panel' ? ['StringLiteral'] : [] },
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
