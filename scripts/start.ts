import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { EVENTS } from '../nodes/KommoPipelineTrigger/events';
import { run } from './project/command';
import { DEMO_PORT, DEMO_URL, DEMO_WEBHOOK_ID, PORT_PROBLEM } from './n8n/demo';
import { readExample, readRequest, TRIGGER } from './n8n/example';
import { postAsKommo } from './kommo/request';
import { N8n } from './n8n/n8n';
import { isFree } from './n8n/port';
import { OWNER, type RestClient } from './n8n/restClient';
import { ensureRuntime } from './n8n/runtime';
import { PROJECT_FOLDER } from './project/folder';
import { packTarball } from './project/tarball';

const EXAMPLE = 'route-by-event.json';

async function main(): Promise<void> {
	await checkPort();
	const runtime = await ensureRuntime();
	const folder = await mkdtemp(join(tmpdir(), 'kommo-pipeline-'));
	const n8n = await N8n.prepare(runtime, folder, {
		port: DEMO_PORT,
		// Many simulated events are answered late without it (docs/reliability.md).
		env: { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' },
	});
	const { workflow, webhookPath } = readExample(EXAMPLE, DEMO_WEBHOOK_ID);
	const stop = async (code: number) => {
		await n8n.stop();
		await rm(folder, { recursive: true, force: true });
		process.exit(code);
	};
	process.once('SIGINT', () => void stop(0));
	process.once('SIGTERM', () => void stop(0));

	try {
		console.log('Building the node and installing it as a community node ...');
		await run('npm', ['run', 'build'], { cwd: PROJECT_FOLDER });
		await n8n.installPackage(await packTarball(folder));
		console.log(`Importing and publishing "${workflow.name}" ...`);
		await n8n.importWorkflows([workflow]);
		await n8n.publishWorkflows([workflow]);
		console.log('Starting n8n ...');
		const rest = await n8n.start();
		await n8n.waitForWebhook(webhookPath);

		console.log(`\nSending a sample of each event to ${DEMO_URL}\n`);
		await sendSamples(DEMO_URL, workflow.id, rest);
		console.log(`
Editor      ${n8n.url}/workflow/${workflow.id}
Sign in as  ${OWNER.email} with ${OWNER.password}
Webhook     ${DEMO_URL}

Send one yourself, in another terminal:
  npm run simulate -- status${process.env.PORT ? ` --url ${DEMO_URL}` : ''}

n8n runs until you press Ctrl+C. Then its data (${folder}) is deleted.`);
	} catch (error) {
		console.error(error instanceof Error ? error.message : error);
		await stop(1);
	}
}

async function checkPort(): Promise<void> {
	if (PORT_PROBLEM) throw new Error(PORT_PROBLEM);
	if (await isFree(DEMO_PORT)) return;
	throw new Error(
		`Port ${DEMO_PORT} is taken, perhaps by an n8n of yours. Choose another one: PORT=${DEMO_PORT + 2} npm start`,
	);
}

async function sendSamples(url: string, workflowId: string, rest: RestClient): Promise<void> {
	let lastExecution: string | undefined;
	for (const event of [...EVENTS.map(({ code }) => code), 'other']) {
		const response = await postAsKommo(url, readRequest(event));
		const execution = await rest.waitForExecution(workflowId, lastExecution);
		lastExecution = execution.id;
		const branches = Object.keys(execution.nodes).filter((node) => node !== TRIGGER);
		console.log(`  ${event.padEnd(12)}${response.status}  ->  ${branches.join(', ')}`);
	}
}

main().catch((error: Error) => {
	console.error(error.message);
	process.exitCode = 1;
});
