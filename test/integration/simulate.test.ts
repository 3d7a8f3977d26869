import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

import { readEvents } from '../../nodes/shared/decoding/payload';
import { readRequest } from '../../scripts/n8n/example';
import { PROJECT_FOLDER } from '../../scripts/project/folder';
import { SIMULATED_EVENTS } from '../../scripts/kommo/events';
import { answer, Receiver, type Received } from './receiver';

jest.setTimeout(60_000);

const receiver = new Receiver();
const { received } = receiver;
let port: number;
let url: string;

beforeAll(async () => {
	await receiver.start();
	({ port } = receiver);
	url = receiver.urlOf('/webhook/1b2c/kommo');
});

afterAll(() => receiver.stop());

beforeEach(() => receiver.reset());

const COMMAND = ['--import', 'tsx', 'scripts/simulate.ts'];

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

const simulate = async (...args: string[]) => await run(process.execPath, [...COMMAND, ...args]);

describe('simulate', () => {
	test("sends Kommo's bytes and headers, and nothing else", async () => {
		const { code, stdout } = await simulate('status', '--url', `${url}?token=a%26b`);
		expect({ code, received: received.length }).toEqual({ code: 0, received: 1 });
		const [{ method, url: path, headers, body } = {} as Received] = received;
		expect({ method, path }).toEqual({ method: 'POST', path: '/webhook/1b2c/kommo?token=a%26b' });
		expect(body).toBe(readRequest('status'));
		expect(headers).toEqual([
			'User-Agent',
			'amoCRM-Webhooks/3.0',
			'Content-Length',
			String(Buffer.byteLength(body)),
			'Content-Type',
			'application/x-www-form-urlencoded',
			'X-Amocrm-Requestid',
			expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/),
			'Accept-Encoding',
			'gzip',
			'Host',
			`127.0.0.1:${port}`,
			'Connection',
			'close',
		]);
		expect(stdout).toContain('leads[status][0][old_status_id]=16203334');
		expect(stdout).toMatch(/^200 after \d+ ms\nn8n took it: .*Trigger On/m);
		expect(stdout).not.toContain('a%26b');
	});

	test('sends to the n8n of npm start when no URL is given', async () => {
		const { code, stdout } = await run('npm', ['run', 'simulate', '--', 'chat'], {
			PORT: String(port),
		});
		expect({ code, paths: received.map((request) => request.url) }).toEqual({
			code: 0,
			paths: ['/webhook/demo/kommo'],
		});
		expect(stdout).toContain(`http://127.0.0.1:${port}/webhook/demo/kommo (the n8n that npm start`);
	});

	test('counts ids up over requests and records', async () => {
		const options = ['--count', '3', '--records', '2', '--id', '70', '--subdomain', 'other'];
		const { code, stdout } = await simulate(
			'customers.chat',
			...options,
			'--rate',
			'100',
			'--url',
			url,
		);
		expect(code).toBe(0);
		const events = received.flatMap(({ body }) => readEvents(body) ?? []);
		expect(events.map(({ id }) => Number(id)).sort()).toEqual([70, 71, 72, 73, 74, 75]);
		expect(
			new Set(events.map(({ account }) => (account as { subdomain: string }).subdomain)),
		).toEqual(new Set(['other']));
		expect(stdout).toMatch(/200 +\d+ ms +customers\.chat 74/);
		expect(stdout).toMatch(/3 sent in .*\n {2}200 +3\n/);
	});

	test('keeps its rate, however late the answers are, and counts those that Kommo would not wait for', async () => {
		receiver.respond = (response) => void setTimeout(() => response.end(), 2_100);
		const { code, stdout } = await simulate(
			'status',
			'--count',
			'25',
			'--rate',
			'50',
			'--url',
			url,
		);
		const times = received.map(({ at }) => at);
		expect(code).toBe(0);
		expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(250);
		expect(Math.max(...times) - Math.min(...times)).toBeLessThan(2_000);
		expect(stdout).toMatch(/ {2}200 +25\n/);
		expect(stdout).toMatch(/Answers took \d{4,} ms \(median\).* slowest \d{4,} ms/);
		expect(stdout).toContain('25 took longer than the 2 s that Kommo waits');
	});

	test('says how many answers there were of each kind, and exits with 1 when one is not 2xx', async () => {
		receiver.respond = (response, request, count) =>
			answer(count % 5 === 0 ? 503 : 200)(response, request, count);
		const { code, stdout } = await simulate('all', '--count', '2', '--rate', '500', '--url', url);
		expect(code).toBe(1);
		const sent = 2 * SIMULATED_EVENTS.length;
		const refused = Math.floor(sent / 5);
		expect(stdout).toContain(`${sent} sent`);
		expect(stdout).toMatch(new RegExp(` {2}200 +${sent - refused}\n`));
		expect(stdout).toMatch(new RegExp(` {2}503 +${refused}\n`));
		expect(stdout).toMatch(/503: .*Does n8n run/);
	});

	test('says how to go on, and exits with 1, when a request fails', async () => {
		receiver.respond = answer(404, {
			message: 'The requested webhook "POST x" is not registered.',
		});
		const refused = await simulate('status', '--url', url.replace('//', '//ana:secret@'));
		expect(refused.code).toBe(1);
		expect(refused.stdout).not.toContain('secret');
		expect(refused.stdout).toMatch(/^404 after \d+ ms\n.*Publish.*\n.*"POST x" is not registered/m);

		receiver.respond = () => {};
		const unanswered = await simulate('status', '--url', url, '--wait', '0.5');
		expect(unanswered.code).toBe(1);
		expect(unanswered.stdout).toMatch(/^timeout after \d+ ms\n.*--wait/m);
	});

	test('exits with 2 when it does not understand, and sends nothing', async () => {
		const env = { PORT: String(port) };
		const misspelt = await run(process.execPath, [...COMMAND, 'status', 'chta'], env);
		expect({ code: misspelt.code, stdout: misspelt.stdout }).toEqual({ code: 2, stdout: '' });
		expect(misspelt.stderr).toMatch(/no event "chta".*\n\nHelp: npm run simulate -- --help\n$/);

		// npm 12 says so itself, and does not run the command.
		const { code, stderr } = await run('npm', ['run', 'simulate', 'status', '--count=2'], env);
		expect(code).not.toBe(0);
		expect(stderr).toContain('--count');
		expect(received).toEqual([]);
	});

	test('names PORT when that is no port, unless --url is given', async () => {
		const withPort = async (PORT: string, ...args: string[]) =>
			await run(process.execPath, [...COMMAND, ...args], { PORT });
		const { code, stderr } = await withPort('abc', 'status');
		expect({ code, stderr }).toEqual({
			code: 2,
			stderr: expect.stringMatching(/^PORT must be .* not "abc"\./),
		});
		expect((await withPort('abc', 'status', '--url', url)).code).toBe(0);
		expect((await withPort('', '--help')).stdout).toContain('http://127.0.0.1:5678/');
	});

	test('ends without a word when nobody reads on', async () => {
		const args = ['status', '--count', '1000', '--rate', '20', '--url', url];
		const child = spawn(process.execPath, [...COMMAND, ...args], { cwd: PROJECT_FOLDER });
		child.stdout.destroy();
		const [stderr] = await Promise.all([text(child.stderr), once(child, 'exit')]);
		expect({ code: child.exitCode, stderr }).toEqual({ code: 141, stderr: '' });
	});

	test('prints help', async () => {
		const { code, stdout } = await simulate('--help');
		expect(code).toBe(0);
		expect(stdout).toContain('npm run simulate -- <event...> [options]');
	});

	test('says what it has sent when it is interrupted', async () => {
		receiver.respond = (response, request, count) => {
			if (count <= 3) answer(200)(response, request, count);
			if (count === 5) setTimeout(() => child.kill('SIGINT'), 300);
		};
		const args = ['status', '--count', '1000', '--rate', '20', '--url', url];
		const child = spawn(process.execPath, [...COMMAND, ...args], { cwd: PROJECT_FOLDER });
		const [stdout] = await Promise.all([text(child.stdout), once(child, 'exit')]);
		expect(child.exitCode).toBe(130);
		const [, sent, answered, unanswered] =
			/\n(\d+) sent in .*\n {2}200 +(\d+)\n {2}unanswered +(\d+)\n/.exec(stdout) ?? [];
		expect(Number(answered)).toBeLessThanOrEqual(3);
		expect(Number(unanswered)).toBeGreaterThanOrEqual(2);
		expect(Number(sent)).toBe(Number(answered) + Number(unanswered));
	});
});
