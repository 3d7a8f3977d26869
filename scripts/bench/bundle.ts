import { stat } from 'node:fs/promises';
import { join } from 'node:path';

import { run } from '../project/command';
import { PROJECT_FOLDER } from '../project/folder';
import { formatRatio, measure, printTable } from './measure';

const BUNDLE = join(PROJECT_FOLDER, 'dist/nodes/KommoPipelineTrigger/KommoPipelineTrigger.node.js');

/** Prints how much longer Node takes to load n8n-workflow and the bundle than n8n-workflow alone. */
export async function benchBundle(): Promise<void> {
	const load = (...modules: string[]) =>
		run(
			process.execPath,
			['-e', modules.map((module) => `require(${JSON.stringify(module)})`).join(';')],
			{ cwd: PROJECT_FOLDER },
		);
	const { withBundle, without } = await measure(
		{
			withBundle: () => load('n8n-workflow', BUNDLE),
			without: () => load('n8n-workflow'),
		},
		{ minimum: 0 },
	);
	const { size } = await stat(BUNDLE);
	printTable(
		'The bundle',
		['', ''],
		[
			['Size', `${(size / 1000).toFixed(0)} kB`],
			['Node that loads n8n-workflow', `${(without.time / 1000).toFixed(0)} ms`],
			['the same, and the bundle', `${(withBundle.time / 1000).toFixed(0)} ms`],
			['Ratio', formatRatio(without.ratio)],
		],
	);
}
