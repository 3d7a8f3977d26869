// Indentation, line width and line ends are those of .editorconfig.
module.exports = {
	overrides: [{ files: '*.md', options: { proseWrap: 'always' } }],
	singleQuote: true,
};
