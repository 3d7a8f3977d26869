import { execFile } from 'node:child_process';

import { eventsOf } from '../support/decoded';
import { SIMULATED_EVENTS } from '../../scripts/kommo/events';
import { readRequest } from '../../scripts/n8n/example';
import { PROJECT_FOLDER } from '../../scripts/project/folder';
import { answer, Receiver } from './receiver';

jest.setTimeout(60_000);

const receiver = new Receiver();
const { received } = receiver;
let url: string;

beforeAll(async () => {
	await receiver.start();
	url = receiver.urlOf('/webhook/1b2c/kommo');
});

afterAll(() => receiver.stop());
beforeEach(() => receiver.reset());

interface Run {
	code: number | null;
	stdout: string;
	stderr: string;
}

async function run(command: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<Run> {
	return await new Promise((resolve) => {
		const options = { cwd: PROJECT_FOLDER, env: { ...process.env, ...env } };
		const child = execFile(command, args, options, (_, stdout, stderr) =>
			resolve({ code: child.exitCode, stdout, stderr }),
		);
	});
}

const simulate = async (line: string, env?: NodeJS.ProcessEnv) =>
	await run(process.execPath, ['--import', 'tsx', 'scripts/simulate.ts', ...line.split(' ')], env);

describe('simulate', () => {
	test("sends Kommo's bytes and headers, and nothing else", async () => {
		const { code, stdout } = await simulate(`status --url ${url}?token=a%26b`);
		expect(code).toBe(0);
		const body = readRequest('status');
		expect(received).toEqual([
			expect.objectContaining({
				method: 'POST',
				url: '/webhook/1b2c/kommo?token=a%26b',
				body,
				headers: [
					...['User-Agent', 'amoCRM-Webhooks/3.0'],
					...['Content-Length', String(Buffer.byteLength(body))],
					...['Content-Type', 'application/x-www-form-urlencoded'],
					'X-Amocrm-Requestid',
					expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/),
					...['Accept-Encoding', 'gzip'],
					...['Host', `127.0.0.1:${receiver.port}`],
					...['Connection', 'close'],
				],
			}),
		]);
		expect(stdout).toContain('leads[status][0][old_status_id]=16203334');
		expect(stdout).toMatch(/^1 x 200: n8n took it/m);
	});

	test('sends to the n8n of npm start when no URL is given', async () => {
		const PORT = String(receiver.port);
		expect((await run('npm', ['run', 'simulate', '--', 'chat'], { PORT })).code).toBe(0);
		expect(received.map((request) => request.url)).toEqual(['/webhook/demo/kommo']);
	});

	test('counts ids up over requests and records', async () => {
		const options = '--count 3 --records 2 --id 70 --rate 100';
		const { stdout } = await simulate(`customers.chat ${options} --url ${url}`);
		const ids = received.flatMap(({ body }) => eventsOf(body).map(({ id }) => id));
		expect(ids.sort()).toEqual([70, 71, 72, 73, 74, 75]);
		expect(stdout).toMatch(/200 +\d+ ms +customers\.chat 74/);
	});

	test('says how to go on after each kind of answer, and exits with 1 when one is not 2xx', async () => {
		receiver.respond = (response, request, count) =>
			answer(count % 5 === 0 ? 503 : 200, 'busy')(response, request, count);
		const { code, stdout } = await simulate(`all --rate 500 --url ${url}`);
		const refused = Math.floor(SIMULATED_EVENTS.length / 5);
		expect(code).toBe(1);
		expect(stdout).toMatch(
			new RegExp(`^${SIMULATED_EVENTS.length - refused} x 200: n8n took`, 'm'),
		);
		expect(stdout).toMatch(
			new RegExp(`^${refused} x 503: .*Is n8n running.*\n {2}It said: busy`, 'm'),
		);
	});

	test('prints no token and no password of the URL', async () => {
		const secret = `${url.replace('//', '//ana:secret@')}?token=secret`;
		const { stdout, stderr } = await simulate(`status --url ${secret}`);
		expect(received[0]?.url).toContain('secret');
		expect(stdout).toContain(`POST ${url}?...\n`);
		expect(stdout + stderr).not.toContain('secret');
	});

	test('exits with 2 when it does not understand, and sends nothing', async () => {
		const PORT = String(receiver.port);
		const { code, stdout, stderr } = await simulate('status chta', { PORT });
		expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
		expect(stderr).toMatch(/no event "chta".*\n\nHelp: npm run simulate -- --help\n$/);
		expect(received).toEqual([]);
	});

	test('prints help', async () => {
		const { code, stdout } = await simulate('--help');
		expect(code).toBe(0);
		expect(stdout).toContain('npm run simulate -- <event...> [options]');
	});
});
