import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import autocannon from 'autocannon';
import { build } from 'esbuild';

import { N8n } from '../n8n';
import type { RestClient } from '../rest-client';
import { ensureRuntime } from '../runtime';
import { packTarball } from '../tarball';
import { makeStageChanges } from './bodies';
import { formatRatio, median, printTable } from './measure';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 9);
const REQUESTS = 300;
const CONNECTIONS = 10;

const OURS = { type: 'n8n-nodes-kommo-pipeline.kommoPipelineTrigger', typeVersion: 1.1 };

/** A workflow of one trigger each, by what it is. The idle trigger of our version is the baseline. */
const CANDIDATES = {
	'a trigger that does nothing': makeCandidate('CUSTOM.idleTrigger', 1.1, 'idle'),
	'Kommo Pipeline Trigger': makeCandidate(OURS.type, OURS.typeVersion, 'kommo'),
	'a trigger of version 1 that does nothing': makeCandidate('CUSTOM.idleTrigger', 1, 'idle'),
	"n8n's Webhook": makeCandidate('n8n-nodes-base.webhook', 2.1, 'webhook', { httpMethod: 'POST' }),
};

function makeCandidate(type: string, typeVersion: number, path: string, parameters: object = {}) {
	const webhookId = randomUUID();
	const isWebhookNode = type === 'n8n-nodes-base.webhook';
	const webhookPath = isWebhookNode ? webhookId : `${webhookId}/${path}`;
	return {
		webhookPath,
		workflow: {
			id: webhookId.replaceAll('-', '').slice(0, 16),
			name: `${type} ${typeVersion}`,
			nodes: [
				{
					id: randomUUID(),
					name: 'Trigger',
					type,
					typeVersion,
					webhookId,
					position: [0, 0],
					parameters: isWebhookNode ? { ...parameters, path: webhookPath } : parameters,
				},
			],
			connections: {},
			settings: {},
			active: false,
		},
	};
}

/** Prints how many requests a second a real n8n takes with our trigger, and with others in turn. */
export async function benchThroughput(): Promise<void> {
	const runtime = await ensureRuntime();
	const folder = await mkdtemp(join(tmpdir(), 'kommo-pipeline-bench-'));
	const n8n = await N8n.prepare(runtime, folder, {
		env: { N8N_CUSTOM_EXTENSIONS: await buildIdleTrigger(folder) },
	});
	try {
		await n8n.installPackage(await packTarball(folder));
		const workflows = Object.values(CANDIDATES).map(({ workflow }) => workflow);
		await n8n.importWorkflows(workflows);
		await n8n.publishWorkflows(workflows);
		const rest = await n8n.start();
		for (const { webhookPath } of Object.values(CANDIDATES)) await n8n.waitForWebhook(webhookPath);
		await measureRounds(n8n, rest);
	} finally {
		await n8n.stop();
		await rm(folder, { recursive: true, force: true });
	}
}

async function measureRounds(n8n: N8n, rest: RestClient): Promise<void> {
	const entries = Object.entries(CANDIDATES);
	const rates: number[][] = [];
	// One round more, the first, only warms up. Each begins with another candidate.
	for (let round = 0; round <= ROUNDS; round++) {
		const ratesOfRound: number[] = [];
		for (const turn of entries.keys()) {
			const index = (turn + round) % entries.length;
			const { webhookPath } = entries[index]![1];
			ratesOfRound[index] = await measureRate(`${n8n.url}/webhook/${webhookPath}`);
			await rest.waitUntilIdle();
		}
		if (round > 0) rates.push(ratesOfRound);
		console.log(`  round ${round} of ${ROUNDS}: ${ratesOfRound.map(Math.round).join(', ')}`);
	}
	printTable(
		`Requests a second in n8n, ${CONNECTIONS} connections, ${ROUNDS} rounds of ${REQUESTS} requests each`,
		['Trigger', 'Requests a second', 'of one that does nothing'],
		entries.map(([name], index) => [
			name,
			median(rates.map((round) => round[index]!)).toFixed(0),
			formatRatio(median(rates.map((round) => round[index]! / round[0]!))),
		]),
	);
}

async function measureRate(url: string): Promise<number> {
	const started = performance.now();
	const result = await autocannon({
		url,
		method: 'POST',
		headers: { 'content-type': 'application/x-www-form-urlencoded' },
		body: makeStageChanges(1),
		connections: CONNECTIONS,
		amount: REQUESTS,
	});
	if (result['2xx'] !== REQUESTS) throw new Error(`n8n answered ${result['2xx']} of ${REQUESTS}`);
	return (1000 * REQUESTS) / (performance.now() - started);
}

/** Builds the idle trigger into a folder of custom nodes. Returns the folder. */
async function buildIdleTrigger(folder: string): Promise<string> {
	const outdir = join(folder, 'custom');
	await build({
		entryPoints: [join(__dirname, 'IdleTrigger.node.ts')],
		outdir,
		platform: 'node',
		format: 'cjs',
	});
	return outdir;
}
