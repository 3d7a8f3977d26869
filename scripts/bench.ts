import { Argument, program } from 'commander';

import { benchDecoding } from './bench/decoding';
import { benchPolling } from './bench/polling';
import { benchThroughput } from './bench/throughput';
import { benchWebhook } from './bench/webhook';
import { run } from './project/command';
import { PROJECT_FOLDER } from './project/folder';
import { ensureRuntime } from './n8n/runtime';

const PARTS = {
	decoding: benchDecoding,
	webhook: benchWebhook,
	throughput: benchThroughput,
	polling: benchPolling,
};

/** Runs the named parts, or all, with the Node version that n8n runs with. */
async function main(names: string[]): Promise<void> {
	const { node } = await ensureRuntime();
	if (process.execPath !== node) {
		const args = ['--import', 'tsx', __filename, ...names];
		await run(node, args, {
			cwd: PROJECT_FOLDER,
			onPrint: (text) => process.stdout.write(text),
		});
		return;
	}
	for (const [name, bench] of Object.entries(PARTS)) {
		if (names.length === 0 || names.includes(name)) await bench();
	}
}

program
	.name('npm run bench --')
	.description('Prints the figures of docs/engineering.md.')
	.addArgument(new Argument('[parts...]', 'all without any').choices(Object.keys(PARTS)))
	.action(main)
	.parse();
