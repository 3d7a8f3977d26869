import execa from 'execa';

import { run } from './project/command';
import { PROJECT_FOLDER } from './project/folder';

/** How many parts run at once. The smallest machine that this is meant for has two processors. */
const LANES = 2;

/** In ms. The longest part takes a quarter of it. */
const TIMEOUT = 40 * 60_000;

interface Part {
	name: string;
	command: string[];
	env?: NodeJS.ProcessEnv;
}

const makeJestPart = (project: string, version = ''): Part => ({
	name: [project, version].join(' ').trim(),
	command: ['jest', '--selectProjects', project, '--runInBand'],
	env: { N8N_VERSION: version },
});

const OLDER = '1.123.81';

const E2E = makeJestPart('e2e');

/** The search in n8n's editor. The other editor tests run on the newer version only. */
const SEARCH = makeJestPart('editor', OLDER);
SEARCH.command.push('--testPathPatterns', 'search');

/** The parts that need no n8n, the longest first, so that all lanes end at about the same time. */
const WITHOUT_N8N = [
	makeJestPart('fuzz'),
	{ name: 'lint', command: ['npm', 'run', 'lint'] },
	{ name: 'scan', command: ['tsx', 'scripts/scan.ts'] },
	{ name: 'types', command: ['npm', 'run', 'typecheck'] },
	makeJestPart('unit'),
	makeJestPart('integration'),
];

/** What `npm test` runs */
const USUAL = [E2E, ...WITHOUT_N8N];

/** What `npm run test:all` runs, the longest first */
const ALL = [
	makeJestPart('editor'),
	...WITHOUT_N8N,
	E2E,
	makeJestPart('account'),
	makeJestPart('polling'),
	makeJestPart('e2e', OLDER),
	SEARCH,
	makeJestPart('account', OLDER),
	makeJestPart('polling', OLDER),
	makeJestPart('php'),
];

/** It starts eight programs, so nothing else may run beside it. */
const ALONE = [makeJestPart('queue')];

/** Runs all parts, whether or not one fails, and prints how long each took. */
async function main(all: boolean): Promise<void> {
	const started = Date.now();
	await prepare(all ? ['', OLDER] : ['']);
	const times: string[] = [`build and n8n: ${secondsSince(started)}`];
	/** Whether it passes */
	const runPart = async ({ name, command: [program = '', ...args], env }: Part) => {
		const partStarted = Date.now();
		console.log(`${name} ...`);
		const { all: output, failed: hasFailed } = await execa(program, args, {
			cwd: PROJECT_FOLDER,
			env,
			preferLocal: true,
			all: true,
			reject: false,
			timeout: TIMEOUT,
			stdin: 'ignore',
		});
		const result = `${name}: ${secondsSince(partStarted)}${hasFailed ? ', FAILED' : ''}`;
		times.push(result);
		console.log(`\n=== ${result}\n${output}\n`);
		return !hasFailed;
	};
	/** Gives the parts that failed. */
	const runParts = async (parts: readonly Part[], lanes: number) => {
		const failed: Part[] = [];
		const waiting = [...parts];
		const runInTurn = async () => {
			for (let part = waiting.shift(); part; part = waiting.shift()) {
				if (!(await runPart(part))) failed.push(part);
			}
		};
		await Promise.all(Array.from({ length: lanes }, runInTurn));
		return failed;
	};
	let failed = await runParts(all ? ALL : USUAL, LANES);
	// Two n8n side by side may be too much for a small machine. What failed beside another part has to pass alone.
	if (all) failed = await runParts([...failed, ...ALONE], 1);

	console.log(`${times.join('\n')}\nall: ${secondsSince(started)}`);
	if (failed.length === 0) return;
	console.error(`Failed: ${failed.map(({ name }) => name).join(', ')}`);
	process.exitCode = 1;
}

/** Builds the package, and installs those of these n8n versions that are missing. */
async function prepare(versions: string[]): Promise<void> {
	const onPrint = (text: string) => process.stdout.write(text);
	const work = [
		run('npm', ['run', '--silent', 'build'], { cwd: PROJECT_FOLDER }),
		...versions.map((version) =>
			run('npm', ['run', '--silent', 'runtime'], {
				cwd: PROJECT_FOLDER,
				env: { ...process.env, N8N_VERSION: version },
				onPrint,
			}),
		),
	];
	await Promise.all(work);
}

const secondsSince = (time: number) => `${Math.round((Date.now() - time) / 1000)} s`;

void main(process.argv.includes('--all'));
