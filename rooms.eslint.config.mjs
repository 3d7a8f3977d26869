import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** What each room of `nodes/shared/` may import from, besides itself and `credentials/` */
const ROOMS = {
	events: [],
	api: ['events'],
	decoding: ['events'],
	routing: ['events'],
	enrichment: ['events', 'api'],
	receiving: ['events', 'api', 'decoding', 'routing', 'enrichment', 'parameters'],
	listSearch: ['events', 'api'],
	panel: ['events', 'routing', 'enrichment'],
};

/** @param regex of the imports that the files must not have */
const forbid = (files, regex, message) => ({
	files,
	languageOptions: { parser: tseslint.parser },
	rules: { 'no-restricted-imports': ['error', { patterns: [{ regex, message }] }] },
});

// In a configuration of its own, since n8n's strict mode wants its own unchanged in eslint.config.mjs.
export default defineConfig(
	// The comments of the other configuration name rules that are unknown here.
	{ linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'off' } },
	forbid(['nodes/**/*.ts'], '/(scripts|test)/', 'What ships knows no script and no test.'),
	// A node's own rooms run, but for its panel. The files beside them are what the editor shows.
	forbid(
		['nodes/*/!(panel)/**/*.ts'],
		'/(scripts|test|panel)/',
		'What runs knows nothing of what the editor shows.',
	),
	forbid(
		['nodes/KommoPollingTrigger/list/**/*.ts'],
		'/(polling|items)/',
		'The list of events knows nothing of who reads it.',
	),
	forbid(
		['nodes/KommoPollingTrigger/items/**/*.ts'],
		'/polling/',
		'An item is made the same way for Fetch Test Event.',
	),
	forbid(
		['nodes/shared/parameters.ts'],
		'^\\./(?!(events|routing|enrichment)/)|^\\.\\./',
		'It is read before a request is received.',
	),
	Object.entries(ROOMS).map(([room, below]) =>
		forbid(
			[`nodes/shared/${room}/**/*.ts`],
			`^\\.\\./(?!(${below.join('|') || 'none'})\\b|\\.\\./\\.\\./credentials/)`,
			`The room ${room} may import from ${below.join(', ') || 'no other'}: see rooms.eslint.config.mjs.`,
		),
	),
	forbid(
		['credentials/**/*.ts'],
		'/(nodes|scripts|test)/',
		'credentials/ knows nothing of nodes/.',
	),
	forbid(
		['scripts/**/*.ts'],
		'/test/(?!support/)',
		'A command knows no test, but what they share.',
	),
);
