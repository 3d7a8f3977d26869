import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { EVENTS } from '../nodes/KommoPipelineTrigger/events';
import { run } from './project/command';
import {
	CHAT_PORT,
	DEMO_PORT,
	DEMO_URL,
	DEMO_WEBHOOK_ID,
	PORT_PROBLEM,
	PUBLIC_ADDRESS,
} from './n8n/demo';
import { readExample, readRequest, TRIGGER, type Workflow } from './n8n/example';
import { postAsKommo } from './kommo/request';
import { copyFreshData } from './n8n/freshData';
import { N8n } from './n8n/n8n';
import { isFree } from './n8n/port';
import { OWNER, type RestClient } from './n8n/restClient';
import { ensureRuntime, type Runtime } from './n8n/runtime';
import { PROJECT_FOLDER } from './project/folder';
import { packTarball } from './project/tarball';
import { readSettings } from './start/settings';
import { DemoKommo } from './start/standIn';

const EXAMPLE = 'route-by-event.json';

const SIMULATE = `${process.env.PORT ? `PORT=${DEMO_PORT} ` : ''}npm run simulate --`;

async function main(): Promise<void> {
	const settings = readSettings(process.argv.slice(2), process.env);
	await checkPort(DEMO_PORT);
	if (settings.withKommo) await checkPort(CHAT_PORT);
	const runtime = await ensureRuntime();
	const folder = await mkdtemp(join(tmpdir(), 'kommo-pipeline-'));
	const kommo = settings.withKommo ? await DemoKommo.start(folder) : undefined;
	const n8n = await N8n.prepare(runtime, folder, {
		port: DEMO_PORT,
		env: {
			// Without it, n8n answers many simulated events late (docs/engineering.md).
			N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true',
			...settings.env,
			...kommo?.env,
		},
	});
	const { workflow, webhookPath } = readExample(EXAMPLE, DEMO_WEBHOOK_ID);
	const stopAll = async (code: number) => {
		await n8n.stop();
		await kommo?.stop();
		await rm(folder, { recursive: true, force: true });
		process.exit(code);
	};
	let stopped: Promise<void> | undefined;
	const stop = async (code: number) => await (stopped ??= stopAll(code));
	// Ctrl+C comes more than once: from the terminal, and from npm and tsx, which pass it on.
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(0));

	try {
		await install(n8n, runtime, workflow, kommo);
		const rest = await startServing(n8n, webhookPath, kommo);
		console.log(`\nSending a sample of each event to ${DEMO_URL}\n`);
		const [first] = await sendSamples(DEMO_URL, workflow.id, rest);
		console.log(describeStart(n8n, `${n8n.url}/workflow/${workflow.id}`, first, kommo));
	} catch (error) {
		console.error(error instanceof Error ? error.message : error);
		await stop(1);
	}
}

/** Fills the data of an n8n that is not started yet: the built package, the workflow, and what the stand-in needs. */
async function install(
	n8n: N8n,
	runtime: Runtime,
	workflow: Workflow,
	kommo?: DemoKommo,
): Promise<void> {
	await copyFreshData(runtime, n8n.folder);
	console.log('Building the node and installing it as a community node ...');
	await run('npm', ['run', 'build'], { cwd: PROJECT_FOLDER });
	await n8n.installPackage(await packTarball(n8n.folder));
	console.log(`Importing and publishing "${workflow.name}" ...`);
	await n8n.importWorkflows([workflow, ...(kommo ? [kommo.workflow] : [])]);
	if (kommo) await n8n.importCredentials([kommo.credential]);
	await n8n.publishWorkflows([workflow]);
}

async function startServing(n8n: N8n, webhookPath: string, kommo?: DemoKommo): Promise<RestClient> {
	console.log('Starting n8n ...');
	const rest = await n8n.start();
	await n8n.waitForWebhook(webhookPath);
	await kommo?.listen(n8n.url);
	if (kommo) await rest.publish(kommo.workflow.id);
	return rest;
}

/**
 * @param address of the workflow in the editor
 * @param first the id of the first execution
 */
function describeStart(
	{ url, folder }: N8n,
	address: string,
	first: string | undefined,
	kommo?: DemoKommo,
): string {
	return `
Open        ${address}/executions/${first}, a lead that changed its stage
Executions  ${address}/executions
Sign in as  ${OWNER.email} with ${OWNER.password}
Webhook     ${DEMO_URL}

Send one yourself, in another terminal:
  ${SIMULATE} status
${kommo ? describeKommo(url, kommo) : ''}
n8n runs until you press Ctrl+C. Then its data (${folder}) is deleted.`;
}

function describeKommo(n8nUrl: string, { credential, workflow }: DemoKommo): string {
	return `
A stand-in of Kommo is at acme.kommo.com, for this n8n only. All nodes of this package work with the
credential "${credential.name}". Write to it as a customer, and n8n answers:
  ${SIMULATE} message "Hi"
Answering   ${n8nUrl}/workflow/${workflow.id}
To answer with your own workflow, unpublish this one, "${workflow.name}": it answers every message at once.
The editor shows URLs at ${PUBLIC_ADDRESS}. They lead to this n8n for simulate, too:
  ${SIMULATE} status --url <a URL of the trigger>
`;
}

async function checkPort(port: number): Promise<void> {
	if (PORT_PROBLEM) throw new Error(PORT_PROBLEM);
	if (await isFree(port)) return;
	const command = ['npm start', ...process.argv.slice(2)].join(' -- ');
	throw new Error(
		`Port ${port} is taken, perhaps by an n8n of yours. Choose another one: PORT=${DEMO_PORT + 2} ${command}`,
	);
}

/** Gives the ids of the executions, in the order of the events. */
async function sendSamples(url: string, workflowId: string, rest: RestClient): Promise<string[]> {
	const executions: string[] = [];
	for (const event of [...EVENTS.map(({ code }) => code), 'other']) {
		const response = await postAsKommo(url, readRequest(event));
		const execution = await rest.waitForExecution(workflowId, executions.at(-1));
		executions.push(execution.id);
		const branches = Object.keys(execution.nodes).filter((node) => node !== TRIGGER);
		console.log(`  ${event.padEnd(12)}${response.status}  ->  ${branches.join(', ')}`);
	}
	return executions;
}

main().catch((error: Error) => {
	console.error(error.message);
	process.exitCode = 1;
});
