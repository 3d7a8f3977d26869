import { Command, CommanderError } from 'commander';

import { findEvent, SIMULATED_EVENTS, type SimulatedEvent } from '../kommo/events';
import { DEMO_ORIGIN, DEMO_URL, PORT_PROBLEM, PUBLIC_ADDRESS } from '../n8n/demo';

/** What the command line asks for */
interface Plan {
	url: string;
	/** In the order of sending. Each request of an event is about another record. */
	requests: Array<{ event: SimulatedEvent; id: number }>;
	/** Requests a second */
	rate: number;
	/** Records in each request. The first has the request's id. */
	records: number;
	/** Values that replace those of the records */
	fields: Record<string, number>;
}

interface Options {
	url?: string;
	id?: string;
	count: string;
	rate: string;
	records: string;
	stage?: string;
	pipeline?: string;
}

/** Says to the user what is wrong with the command line, and what is expected. */
export class UsageError extends Error {}

/** The options that choose a record's stage, and the fields that they set */
const STAGE_FIELDS = { stage: 'status_id', pipeline: 'pipeline_id' } as const;

const LARGEST_ID = 10 ** 15;

/** The command with its options, before it reads the arguments */
export function makeCommand(): Command {
	return new Command('npm run simulate --')
		.usage('<event...> [options]')
		.description(
			'Sends events to a trigger of this package, just as Kommo does, and prints the answers. You need no Kommo account.',
		)
		.argument('[event...]')
		.option(
			'--url <URL>',
			`the trigger's Production URL or Test URL, as n8n shows it, with ?token=... if it wants one (default: ${DEMO_URL}, which npm start serves)`,
		)
		.option(
			'--id <number>',
			'id of the first lead, contact or other record; the next one has the next id',
		)
		.option('--count <number>', 'requests of each event', '1')
		.option('--rate <number>', 'requests a second, whether or not earlier ones are answered', '5')
		.option('--records <number>', 'leads, contacts or other records in each request', '1')
		.option('--stage <id>', 'id of the stage that a record is in now, to try a rule of Stages')
		.option('--pipeline <id>', 'id of the pipeline of that stage')
		.helpOption('-h, --help', 'print this')
		.configureHelp({ helpWidth: 100 })
		.configureOutput({ writeOut: () => {}, writeErr: () => {} })
		.exitOverride();
}

/**
 * @param env the process's environment, which contains the options that npm has kept for itself
 * @returns undefined if the user asked for help
 * @throws UsageError
 */
export function readArguments(args: string[], env: NodeJS.ProcessEnv): Plan | undefined {
	const command = parse(args);
	if (!command) return undefined;
	refuseOptionsOfNpm(command, args, env);
	const options = command.opts<Options>();
	const events = readEvents(command.args);
	const records = readNumber('records', options.records, 1_000);
	const first = options.id === undefined ? undefined : readNumber('id', options.id, LARGEST_ID);
	const rounds = [...Array(readNumber('count', options.count, 100_000)).keys()];
	return {
		url: readUrl(options.url),
		requests: rounds.flatMap((round) =>
			events.map((event) => ({ event, id: (first ?? event.sampleId) + round * records })),
		),
		rate: readNumber('rate', options.rate, 10_000),
		records,
		fields: readFields(options, events),
	};
}

function parse(args: string[]): Command | undefined {
	try {
		return makeCommand().parse(args, { from: 'user' });
	} catch (error) {
		const { code, message } = error as CommanderError;
		if (code === 'commander.helpDisplayed') return undefined;
		throw new UsageError(message.replace(/^error: /, ''));
	}
}

/** Without the `--`, npm keeps the options for itself. The command would then silently use the defaults. */
function refuseOptionsOfNpm({ options }: Command, args: string[], env: NodeJS.ProcessEnv): void {
	const names = options.map((option) => option.attributeName());
	const kept = names.find((name) => env[`npm_config_${name}`] !== undefined);
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
		const allNames = SIMULATED_EVENTS.map((event) => event.name).join(', ');
		throw new UsageError(`There is no event "${name}". Choose one of ${allNames}, or all.`);
	});
	return [...new Set(events)];
}

function readFields(options: Options, events: SimulatedEvent[]): Record<string, number> {
	const fields: Record<string, number> = {};
	for (const name of ['stage', 'pipeline'] as const) {
		if (options[name] === undefined) continue;
		const field = STAGE_FIELDS[name];
		fields[field] = readNumber(name, options[name], LARGEST_ID);
		if (events.some(({ makeRecord }) => field in makeRecord(1))) continue;
		throw new UsageError(`No record of ${events[0]!.name} has a ${name}. Leave --${name} out.`);
	}
	return fields;
}

/** An address that the editor shows with `npm start -- --kommo` leads to that n8n. */
function readUrl(text = DEMO_URL): string {
	const isPublic = URL.canParse(text) && new URL(text).origin === PUBLIC_ADDRESS;
	if (PORT_PROBLEM && (isPublic || text === DEMO_URL)) throw new UsageError(PORT_PROBLEM);
	if (!URL.canParse(text) || !/^https?:/i.test(text)) {
		throw new UsageError(`--url must begin with http:// or https://, but it is "${text}".`);
	}
	const { href } = new URL(text);
	return isPublic ? href.replace(PUBLIC_ADDRESS, DEMO_ORIGIN) : href;
}

function readNumber(name: string, text: string, max: number): number {
	const number = Number(text);
	if (Number.isInteger(number) && number >= 1 && number <= max) return number;
	throw new UsageError(`--${name} must be a whole number from 1 to ${max}, not "${text}".`);
}
