import { makeBody } from './kommo/body';
import { KOMMO_WAITS } from './kommo/request';
import { sendOnSchedule } from './simulate/schedule';
import { advise } from './simulate/advice';
import { readArguments, UsageError } from './simulate/arguments';
import { HELP } from './simulate/help';
import { listEvent } from './simulate/listed';
import { converse } from './simulate/message';
import { isTaken, post, type Outcome } from './simulate/outcome';

const NOT_TAKEN = 1;
const WRONG_USAGE = 2;

const LISTED =
	"It also stands in Kommo's list of events: Kommo Polling Trigger finds it within a minute, Fetch Test Event at once.";

async function main(): Promise<void> {
	const [first, ...words] = process.argv.slice(2);
	if (first === 'message') return await converse(words);
	const plan = readArguments(process.argv.slice(2), process.env);
	if (!plan) return console.log(HELP);

	const { url, requests, rate, records, fields } = plan;
	console.log(`POST ${hideSecrets(url)}\n`);
	const outcomes: Outcome[] = [];
	let isListed = false;
	await sendOnSchedule(requests, rate, async ({ event, id }) => {
		const options = { id, records, fields };
		const body = makeBody(event, options);
		if (requests.length === 1) console.log(`${describeBody(body)}\n`);
		isListed = (await listEvent(url, event, options)) || isListed;
		const outcome = await post(url, body);
		outcomes.push(outcome);
		const time = `${Math.round(outcome.ms)} ms`;
		console.log(`  ${String(outcome.result).padEnd(14)}${time.padEnd(10)}${event.name} ${id}`);
	});
	console.log(summarize(outcomes, url));
	if (isListed) console.log(LISTED);
	if (!outcomes.every(isTaken)) process.exitCode = NOT_TAKEN;
}

/** The URL without a password, and without its query, which may contain the token */
function hideSecrets(url: string): string {
	const { origin, pathname, search } = new URL(url);
	return `${origin}${pathname}${search && '?...'}`;
}

/** The form as a person reads it, a field on each line. */
function describeBody(body: string): string {
	return Array.from(new URLSearchParams(body), ([name, value]) => `  ${name}=${value}`).join('\n');
}

/**
 * For each result, how many requests had it and what to do next. Then, how many answers would be too late for
 * Kommo.
 */
function summarize(outcomes: Outcome[], url: string): string {
	const results = [...new Set(outcomes.map(({ result }) => result))];
	const lines = results.map((wanted) => {
		const found = outcomes.filter(({ result }) => result === wanted);
		const { says } = found[0]!;
		return `${found.length} x ${wanted}: ${advise(found[0]!, url)}${says && `\n  It said: ${says}`}`;
	});
	const late = outcomes.filter(({ ms }) => ms > KOMMO_WAITS).length;
	if (late > 0) {
		lines.push(
			`${late} took longer than the ${KOMMO_WAITS / 1_000} s that Kommo waits: see docs/engineering.md.`,
		);
	}
	return `\n${lines.join('\n')}`;
}

main().catch((error: Error) => {
	if (!(error instanceof UsageError)) throw error;
	console.error(`${error.message}\n\nHelp: npm run simulate -- --help`);
	process.exitCode = WRONG_USAGE;
});
