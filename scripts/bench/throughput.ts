import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import autocannon from 'autocannon';
import { ModuleKind, transpileModule } from 'typescript';

import { N8n } from '../n8n/n8n';
import type { RestClient } from '../n8n/restClient';
import { ensureRuntime } from '../n8n/runtime';
import { packTarball } from '../project/tarball';
import { makeStageChanges } from './bodies';
import { formatRatio, median, printTable } from './measure';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 15);
const CONNECTIONS = 10;

/**
 * n8n's settings, and the number of requests in a round. By default n8n is slow, because it makes sandboxes
 * for each request.
 */
const SETTINGS = {
	"n8n's own settings": { env: {}, requests: 20 },
	'N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE=true': {
		env: { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' },
		requests: 100,
	},
};
type Setting = (typeof SETTINGS)[keyof typeof SETTINGS];

const OURS = { type: 'n8n-nodes-kommo-pipeline.kommoPipelineTrigger', typeVersion: 1.1 };

/** A workflow for each trigger, by the trigger's title. The first one is the baseline. */
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

/** Prints how many requests a second a real n8n takes with our trigger, and with others. */
export async function benchThroughput(): Promise<void> {
	for (const [title, setting] of Object.entries(SETTINGS)) await benchSetting(title, setting);
}

async function benchSetting(title: string, { env, requests }: Setting): Promise<void> {
	const runtime = await ensureRuntime();
	const folder = await mkdtemp(join(tmpdir(), 'kommo-pipeline-bench-'));
	const n8n = await N8n.prepare(runtime, folder, {
		env: { ...env, N8N_CUSTOM_EXTENSIONS: await buildIdleTrigger(folder) },
	});
	try {
		await n8n.installPackage(await packTarball(folder));
		const workflows = Object.values(CANDIDATES).map(({ workflow }) => workflow);
		await n8n.importWorkflows(workflows);
		await n8n.publishWorkflows(workflows);
		const rest = await n8n.start();
		for (const { webhookPath } of Object.values(CANDIDATES)) await n8n.waitForWebhook(webhookPath);
		printTable(
			`Requests a second, ${title} (${ROUNDS} rounds of ${requests}, ${CONNECTIONS} connections)`,
			['Trigger', 'Requests a second', 'of one that does nothing'],
			await measureRounds(n8n, rest, requests),
		);
	} finally {
		await n8n.stop();
		await rm(folder, { recursive: true, force: true });
	}
}

async function measureRounds(n8n: N8n, rest: RestClient, requests: number): Promise<string[][]> {
	const entries = Object.entries(CANDIDATES);
	const rates: number[][] = [];
	// There is one more round: the first only warms up. Each round begins with another candidate.
	for (let round = 0; round <= ROUNDS; round++) {
		const ratesOfRound: number[] = [];
		for (const turn of entries.keys()) {
			const index = (turn + round) % entries.length;
			const { webhookPath } = entries[index]![1];
			ratesOfRound[index] = await measureRate(`${n8n.url}/webhook/${webhookPath}`, requests);
			await rest.waitUntilIdle();
		}
		if (round > 0) rates.push(ratesOfRound);
		console.log(
			`  round ${round} of ${ROUNDS}: ${ratesOfRound.map((rate) => rate.toFixed(1)).join(', ')}`,
		);
	}
	return entries.map(([name], index) => [
		name,
		median(rates.map((round) => round[index]!)).toFixed(0),
		formatRatio(median(rates.map((round) => round[index]! / round[0]!))),
	]);
}

/** Requests a second, over connections that stay open */
async function measureRate(url: string, amount: number): Promise<number> {
	const { non2xx, errors, start, finish } = await autocannon({
		url,
		method: 'POST',
		headers: { 'content-type': 'application/x-www-form-urlencoded' },
		body: makeStageChanges(1),
		connections: CONNECTIONS,
		amount,
		// autocannon stops when it takes a sample: by default, that is up to a second late.
		sampleInt: 10,
	});
	if (non2xx + errors > 0) throw new Error(`n8n refused ${non2xx + errors} of ${amount} requests`);
	return (1000 * amount) / (finish.getTime() - start.getTime());
}

/** Builds the idle trigger into a folder of custom nodes. Returns the folder. */
async function buildIdleTrigger(folder: string): Promise<string> {
	const source = await readFile(join(__dirname, 'IdleTrigger.node.ts'), 'utf8');
	const { outputText } = transpileModule(source, {
		compilerOptions: { module: ModuleKind.CommonJS },
	});
	const custom = join(folder, 'custom');
	await mkdir(custom);
	await writeFile(join(custom, 'IdleTrigger.node.js'), outputText);
	return custom;
}
