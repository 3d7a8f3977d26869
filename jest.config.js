/** Types are checked by `npm run typecheck`. */
const transform = {
	'\\.[jt]s$': [
		'@swc/jest',
		{
			jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
			module: { type: 'commonjs' },
		},
	],
};

const project = (name) => ({
	displayName: name,
	...(name === 'unit' && {
		moduleNameMapper: { '^n8n-workflow$': '<rootDir>/test/support/lazyN8nWorkflow.js' },
	}),
	testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
	transform,
	// An ES module, which Jest loads only when it is compiled
	transformIgnorePatterns: ['/node_modules/(?!get-port/)'],
	modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.stryker'],
});

module.exports = {
	// Code that becomes an expression by its toString() must not be instrumented.
	coverageProvider: 'v8',
	// n8n's sleep cannot be cut short: behind a poll that has ended, its deadline is still minutes away.
	forceExit: true,
	// A busy machine is slow. What hangs, hangs longer.
	testTimeout: 60_000,
	projects: [
		'unit',
		'integration',
		'e2e',
		'account',
		'polling',
		'php',
		'fuzz',
		'queue',
		'editor',
		'long',
	].map(project),
};
