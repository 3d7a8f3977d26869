import { DEMO_URL } from './n8n/demo';
import { sendOnSchedule } from './kommo/schedule';
import { readArguments, UsageError, type Plan } from './simulate/arguments';
import { describeBody, makeBody } from './kommo/body';
import { writeHelp } from './simulate/help';
import { isTaken, post } from './simulate/outcome';
import { showProgress } from './simulate/progress';
import { explain, Report } from './simulate/report';
import { countRequests, listRequests, type SimulatedRequest } from './simulate/requests';

/** Up to how many requests have a line of their own */
const LINES = 20;

const TAKEN =
	'n8n took it: look at Executions. If there is no new one, Trigger On lacks this event, or a filter leaves it out.';

const NOT_TAKEN = 1;
const WRONG_USAGE = 2;
/** What a shell gives after Ctrl+C */
const INTERRUPTED = 130;
/** What a shell gives when nobody reads on, such as after `| head -1` */
const UNREAD = 141;

async function main(): Promise<void> {
	const plan = readArguments(process.argv.slice(2), process.env);
	if (!plan) {
		console.log(writeHelp());
		return;
	}
	console.log(`POST ${describeUrl(plan.url)}\n`);
	const isAllTaken = countRequests(plan) === 1 ? await sendOne(plan) : await sendMany(plan);
	if (!isAllTaken) process.exitCode = NOT_TAKEN;
}

/** Without the query, which may have the token in it, and without a password */
function describeUrl(url: string): string {
	const { origin, pathname, search } = new URL(url);
	const whose = url === DEMO_URL ? ' (the n8n that npm start runs)' : '';
	return `${origin}${pathname}${search && '?...'}${whose}`;
}

async function sendOne(plan: Plan): Promise<boolean> {
	const [request] = listRequests(plan);
	const body = write(request!, plan);
	console.log(`${describeBody(body)}\n`);
	const outcome = await post(plan.url, body, plan.wait);
	console.log(`${outcome.result} after ${Math.round(outcome.ms)} ms`);
	console.log(isTaken(outcome) ? TAKEN : explain(outcome, plan.url));
	return isTaken(outcome);
}

async function sendMany(plan: Plan): Promise<boolean> {
	const report = new Report(plan.url);
	const total = countRequests(plan);
	const progress = total > LINES ? showProgress(() => report.describeProgress(total)) : undefined;
	process.once('SIGINT', () => {
		progress?.stop();
		console.log(`\n${report.summarize()}`);
		process.exit(INTERRUPTED);
	});

	await sendOnSchedule(listRequests(plan), plan.rate, async (request) => {
		report.countSent();
		const outcome = await post(plan.url, write(request, plan), plan.wait);
		report.countOutcome(outcome);
		if (progress) return;
		const { event, id } = request;
		const cells = [`${outcome.result}`.padEnd(14), `${Math.round(outcome.ms)} ms`.padEnd(10)];
		console.log(`  ${cells.join('')}${event.name} ${id}`);
	});
	progress?.stop();
	console.log(`${progress ? '' : '\n'}${report.summarize()}`);
	return report.isAllTaken;
}

function write({ event, id }: SimulatedRequest, { records, subdomain }: Plan): string {
	return makeBody(event, { id, records, subdomain });
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
	if (error.code !== 'EPIPE') throw error;
	process.exit(UNREAD);
});

main().catch((error: Error) => {
	if (!(error instanceof UsageError)) throw error;
	console.error(`${error.message}\n\nHelp: npm run simulate -- --help`);
	process.exitCode = WRONG_USAGE;
});
