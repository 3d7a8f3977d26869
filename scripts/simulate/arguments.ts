import { parseArgs } from 'node:util';

import { DEMO_URL, PORT_PROBLEM } from '../n8n/demo';
import { findEvent, SIMULATED_EVENTS, type SimulatedEvent } from '../kommo/events';
import { describeRange, OPTION_NAMES, OPTIONS, readNumber, type NumberName } from './options';

/** What the command line asks for. */
export interface Plan {
	url: string;
	events: readonly SimulatedEvent[];
	/** The sample's when absent */
	id: number | undefined;
	/** Requests of each event */
	count: number;
	/** Requests a second */
	rate: number;
	records: number;
	subdomain: string;
	/** How long to wait for an answer, in ms */
	wait: number;
}

/** What is wrong with the command line, and what was expected, as a sentence for its user. */
export class UsageError extends Error {}

type Values = Partial<Record<string, string>>;

/**
 * @param env the process's environment, in which npm leaves options that it took for its own
 * @returns nothing when help is asked for
 * @throws UsageError
 */
export function readArguments(args: string[], env: NodeJS.ProcessEnv): Plan | undefined {
	const { names, values, asksForHelp } = takeApart(args);
	if (asksForHelp) return undefined;

	refuseOptionsOfNpm(env, values);
	const number = <Name extends NumberName>(name: Name) => takeNumber(name, values[name]);
	return {
		events: takeEvents(names),
		url: takeUrl(values.url),
		id: number('id'),
		count: number('count') ?? OPTIONS.count.default,
		rate: number('rate') ?? OPTIONS.rate.default,
		records: number('records') ?? OPTIONS.records.default,
		subdomain: takeSubdomain(values.subdomain),
		wait: (number('wait') ?? OPTIONS.wait.default) * 1_000,
	};
}

function takeApart(args: string[]): { names: string[]; values: Values; asksForHelp: boolean } {
	const type = 'string' as const;
	const { tokens } = parseArgs({
		args,
		options: {
			...Object.fromEntries(OPTION_NAMES.map((name) => [name, { type }])),
			help: { type: 'boolean', short: 'h' },
		},
		// Its own errors speak to programmers.
		strict: false,
		tokens: true,
	});
	const names: string[] = [];
	const values: Values = {};
	let asksForHelp = false;
	for (const token of tokens) {
		if (token.kind === 'positional') names.push(token.value);
		if (token.kind !== 'option') continue;
		if (token.name === 'help') asksForHelp = true;
		else if (!OPTION_NAMES.some((name) => name === token.name)) {
			const known = OPTION_NAMES.map((name) => `--${name}`).join(', ');
			throw new UsageError(`There is no option ${token.rawName}. There are ${known} and --help.`);
		} else if (!token.value) throw new UsageError(`${token.rawName} needs a value behind it.`);
		else values[token.name] = token.value;
	}
	return { names, values, asksForHelp };
}

/**
 * Without the `--`, npm keeps the options to itself, and the default would be used in silence. One that is
 * given behind it counts, whatever npm has by the same name, such as from an .npmrc.
 */
function refuseOptionsOfNpm(env: NodeJS.ProcessEnv, values: Values): void {
	const taken = OPTION_NAMES.filter(
		(name) => env[`npm_config_${name}`] !== undefined && !values[name],
	);
	if (env.npm_lifecycle_event !== 'simulate' || taken.length === 0) return;
	throw new UsageError(
		`npm took --${taken.join(' and --')} for itself. Put -- before what is meant for the command: npm run simulate -- status --${taken[0]} ...`,
	);
}

function takeEvents(names: string[]): readonly SimulatedEvent[] {
	if (names.length === 0) {
		throw new UsageError('Name an event to send, such as: npm run simulate -- status');
	}
	const events = names.flatMap((name) => {
		if (name === 'all') return SIMULATED_EVENTS;
		const event = findEvent(name);
		if (event) return event;
		if (URL.canParse(name)) throw new UsageError(`Put --url before the URL: --url ${name}`);
		const known = SIMULATED_EVENTS.map((known) => known.name).join(', ');
		throw new UsageError(
			`There is no event "${name}". There are ${known}, and all for all of them.`,
		);
	});
	return [...new Set(events)];
}

function takeUrl(text: string | undefined): string {
	if (text === undefined) {
		if (PORT_PROBLEM) throw new UsageError(PORT_PROBLEM);
		return DEMO_URL;
	}
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (url && ['http:', 'https:'].includes(url.protocol)) return url.href;
	throw new UsageError(
		`--url must be a URL that begins with http:// or https://, as the trigger shows it in n8n, not "${text}".`,
	);
}

function takeNumber(name: NumberName, text: string | undefined): number | undefined {
	if (text === undefined) return undefined;
	const number = readNumber(name, text);
	if (number === undefined) {
		throw new UsageError(`--${name} must be ${describeRange(name)}, not "${text}".`);
	}
	return number;
}

function takeSubdomain(text: string = OPTIONS.subdomain.default): string {
	if (/^[a-z\d](?:[a-z\d-]*[a-z\d])?$/i.test(text)) return text;
	throw new UsageError(
		`--subdomain must be the first part of the account's address, such as acme of acme.kommo.com, not "${text}".`,
	);
}
