module.exports = {
	arrowParens: 'always',
	overrides: [{ files: '*.md', options: { proseWrap: 'always' } }],
	printWidth: 100,
	singleQuote: true,
	trailingComma: 'all',
	useTabs: true,
};
