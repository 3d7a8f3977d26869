import { ensureRuntime } from './n8n/runtime';

ensureRuntime()
	.then(({ n8n }) => console.log(`n8n is installed: ${n8n}`))
	.catch((error: Error) => {
		console.error(error.message);
		process.exitCode = 1;
	});
