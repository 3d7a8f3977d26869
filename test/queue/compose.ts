import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';

import type { ServerCommand } from '../../scripts/n8n/n8nProcess';
import { PROJECT_FOLDER } from '../../scripts/project/folder';

const FOLDER = join(PROJECT_FOLDER, 'examples', 'queue-mode');

interface ComposeFile {
	'x-n8n': { environment: Record<string, string> };
	services: Record<string, { command?: string }>;
}

const COMPOSE = parse(readFileSync(join(FOLDER, 'compose.yaml'), 'utf8'), {
	merge: true,
}) as ComposeFile;

export type ContainerName = 'main' | 'webhook-1' | 'webhook-2' | 'worker-1' | 'worker-2';

/** The commands that n8n's containers run, by their names */
export const COMMANDS = Object.fromEntries(
	Object.entries(COMPOSE.services)
		.filter(([name]) => /^(?:main|webhook-\d|worker-\d)$/.test(name))
		.map(([name, { command }]) => [name, command]),
) as Record<ContainerName, ServerCommand>;

/** The environment of n8n's containers, with this machine's addresses and secrets in place of theirs. */
export function readEnvironment(replacements: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
	return { ...COMPOSE['x-n8n'].environment, ...replacements };
}

/** The proxy's configuration, with this machine's addresses in place of the containers'. */
export function readProxyConfiguration(
	ports: Record<ContainerName | 'proxy' | 'proxyCommands', number>,
): string {
	const template = readFileSync(join(FOLDER, 'haproxy.cfg'), 'utf8')
		.replace('bind :8080', `bind 127.0.0.1:${ports.proxy}`)
		.replace('127.0.0.1:9999', `127.0.0.1:${ports.proxyCommands}`);
	return Object.entries(ports).reduce(
		(text, [name, port]) => text.replaceAll(`${name}:5678`, `127.0.0.1:${port}`),
		template,
	);
}
