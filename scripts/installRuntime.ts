import { ensureFreshData } from './n8n/freshData';
import { ensureRuntime } from './n8n/runtime';

async function main(): Promise<void> {
	const runtime = await ensureRuntime();
	await ensureFreshData(runtime);
	console.log(`n8n is installed: ${runtime.n8n}`);
}

main().catch((error: Error) => {
	console.error(error.message);
	process.exitCode = 1;
});
