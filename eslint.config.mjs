import eslint from '@eslint/js';
import { config as n8n } from '@n8n/node-cli/eslint';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

// What ships is held to n8n's rules, all of them. Tests and scripts run in Node, never in n8n.
export default defineConfig(
	globalIgnores(['dist', 'coverage']),
	{ files: ['nodes/**', 'credentials/**', 'package.json'], extends: [n8n] },
	{
		files: ['scripts/**', 'test/**'],
		extends: [eslint.configs.recommended, tseslint.configs.recommended],
	},
);
