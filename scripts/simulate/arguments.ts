import { parseArgs } from 'node:util';

import { findEvent, SIMULATED_EVENTS, type SimulatedEvent } from '../kommo/events';
import { DEMO_URL, PORT_PROBLEM } from '../n8n/demo';

/** What the command line asks for */
interface Plan {
	url: string;
	/** In the order of sending. No two requests of an event are about the same record. */
	requests: Array<{ event: SimulatedEvent; id: number }>;
	/** Requests a second */
	rate: number;
	/** Records in each request; their ids begin with the request's */
	records: number;
}

/** Says to the user what is wrong with the command line, and what is expected. */
export class UsageError extends Error {}

const OPTIONS = {
	url: { type: 'string' },
	id: { type: 'string' },
	count: { type: 'string', default: '1' },
	rate: { type: 'string', default: '5' },
	records: { type: 'string', default: '1' },
	help: { type: 'boolean', short: 'h' },
} as const;

/**
 * @param env the process's environment, where npm puts the options that it takes for its own
 * @returns undefined when help is asked for
 * @throws UsageError
 */
export function readArguments(args: string[], env: NodeJS.ProcessEnv): Plan | undefined {
	const { values, positionals } = parse(args);
	if (values.help) return undefined;
	refuseOptionsOfNpm(args, env);
	const events = readEvents(positionals);
	const records = readNumber('records', values.records, 1_000);
	const first = values.id === undefined ? undefined : readNumber('id', values.id, 10 ** 15);
	const rounds = [...Array(readNumber('count', values.count, 100_000)).keys()];
	return {
		url: readUrl(values.url),
		requests: rounds.flatMap((round) =>
			events.map((event) => ({ event, id: (first ?? event.sampleId) + round * records })),
		),
		rate: readNumber('rate', values.rate, 10_000),
		records,
	};
}

function parse(args: string[]) {
	try {
		return parseArgs({ args, options: OPTIONS, allowPositionals: true });
	} catch (error) {
		throw new UsageError((error as Error).message);
	}
}

/** Without the `--`, npm keeps the options to itself, and the defaults would be used in silence. */
function refuseOptionsOfNpm(args: string[], env: NodeJS.ProcessEnv): void {
	const kept = Object.keys(OPTIONS).find((name) => env[`npm_config_${name}`] !== undefined);
	const hasOwn = args.some((arg) => arg.startsWith('--'));
	if (env.npm_lifecycle_event !== 'simulate' || !kept || hasOwn) return;
	throw new UsageError(
		`npm took --${kept} for itself. Put -- before the options: npm run simulate -- status --${kept} ...`,
	);
}

function readEvents(names: string[]): SimulatedEvent[] {
	if (names.length === 0) throw new UsageError('Name an event: npm run simulate -- status');
	const events = names.flatMap((name) => {
		const found = name === 'all' ? SIMULATED_EVENTS : findEvent(name);
		if (found) return found;
		const known = SIMULATED_EVENTS.map((event) => event.name).join(', ');
		throw new UsageError(`There is no event "${name}". There are ${known}, and all of them: all.`);
	});
	return [...new Set(events)];
}

function readUrl(text: string | undefined): string {
	if (text === undefined && PORT_PROBLEM) throw new UsageError(PORT_PROBLEM);
	const url = text ?? DEMO_URL;
	if (URL.canParse(url) && /^https?:/i.test(url)) return new URL(url).href;
	throw new UsageError(`--url must begin with http:// or https://, but it is "${text}".`);
}

function readNumber(name: string, text: string, max: number): number {
	const number = Number(text);
	if (Number.isInteger(number) && number >= 1 && number <= max) return number;
	throw new UsageError(`--${name} must be a whole number from 1 to ${max}, not "${text}".`);
}
