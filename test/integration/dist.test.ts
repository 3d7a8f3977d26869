import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { loadPackage } from '../support/builtPackage';
import { BuiltTrigger } from '../support/builtTrigger';
import { letTimeFly } from '../support/virtualTime';
import { PROJECT_FOLDER } from '../../scripts/project/folder';

const dist = join(PROJECT_FOLDER, 'dist');
const FILES = readdirSync(dist, { recursive: true, withFileTypes: true })
	.filter((entry) => entry.isFile())
	.map(({ parentPath, name }) => join(parentPath, name));

describe('the built package', () => {
	letTimeFly();

	test('has code of this project alone, and no way to files, processes or the network but through n8n', () => {
		const scripts = FILES.filter((file) => file.endsWith('.js'));
		const required = scripts.flatMap((file) => {
			const code = readFileSync(file, 'utf8');
			expect(code).not.toMatch(/\bprocess\b|\bfetch\b|\bglobalThis\b|\beval\b|\bimport\(/);
			return Array.from(code.matchAll(/\brequire\("(.+?)"\)/g), ([, name]) => name!);
		});
		const packages = required.filter((name) => !name.startsWith('.'));
		expect(new Set(packages)).toEqual(new Set(['n8n-workflow', 'node:crypto']));
	});

	test('shares one rate limiter among all requests to Kommo', async () => {
		const { takeTurn } = jest.requireActual<typeof import('../../nodes/shared/api/rateLimit')>(
			join(dist, 'nodes/shared/api/rateLimit.js'),
		);
		await loadPackage();
		const trigger = new BuiltTrigger({
			parameters: { authentication: 'accessToken', options: { enrich: ['record'] } },
			credentials: { kommoPipelineAccessTokenApi: { account: 'acme', accessToken: 'x' } },
		});
		for (let request = 0; request < 21; request++) void takeTurn(performance.now() + 1400, false);

		const { outputs = [] } = await trigger.receive({ body: 'leads[status][0][id]=1' });
		expect(outputs[0]).toEqual([
			expect.objectContaining({
				enrichment_error: expect.stringContaining('did not get its turn'),
			}),
		]);
	});

	test('holds nothing that n8n does not load', () => {
		const others = FILES.filter((file) => !/\.(js|svg|node\.json)$|__schema__.*\.json$/.test(file));
		expect(others).toEqual([]);
	});
});
