const project = (name) => ({
	displayName: name,
	testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
	transform: { '\\.ts$': 'ts-jest' },
	modulePathIgnorePatterns: ['<rootDir>/dist'],
});

module.exports = {
	// Code that becomes an expression by its toString() must not be instrumented.
	coverageProvider: 'v8',
	projects: [
		'unit',
		'integration',
		'e2e',
		'account',
		'polling',
		'php',
		'fuzz',
		'load',
		'queue',
		'editor',
	].map(project),
};
