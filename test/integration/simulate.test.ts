import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import execa from 'execa';

import { readRequest } from '../../scripts/n8n/example';
import { PROJECT_FOLDER } from '../../scripts/project/folder';

/** In place of n8n, which answers the events one after the other with these statuses, and then with 200 */
let statuses: number[];
const received: Array<{ request: IncomingMessage; body: string }> = [];

const server = createServer((request, response) => {
	void text(request).then((body) => {
		received.push({ request, body });
		response.writeHead(statuses.shift() ?? 200).end('busy');
	});
});
let host: string;

beforeAll(async () => {
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
	server.closeAllConnections();
	server.close();
});
beforeEach(() => {
	statuses = [];
	received.length = 0;
});

const simulate = async (line: string, env: NodeJS.ProcessEnv = {}) =>
	await execa('tsx', ['scripts/simulate.ts', ...line.split(' ')], {
		cwd: PROJECT_FOLDER,
		env,
		preferLocal: true,
		reject: false,
	});

test("simulate sends Kommo's bytes and headers, and prints no token and no password", async () => {
	const line = `status --url http://ana:secret@${host}/webhook/1b2c/kommo?token=secret%26b`;
	const { exitCode, stdout, stderr } = await simulate(line);
	const [{ request, body }] = received as [(typeof received)[number]];
	expect(body).toBe(readRequest('status'));
	expect(request).toMatchObject({ method: 'POST', url: '/webhook/1b2c/kommo?token=secret%26b' });
	const names = request.rawHeaders.filter((_, index) => index % 2 === 0);
	expect(names.filter((name) => name !== 'Authorization')).toEqual([
		'User-Agent',
		'Content-Length',
		'Content-Type',
		'X-Amocrm-Requestid',
		'Accept-Encoding',
		'Host',
		'Connection',
	]);
	expect(request.headers).toMatchObject({
		'user-agent': 'amoCRM-Webhooks/3.0',
		'content-type': 'application/x-www-form-urlencoded',
	});
	expect(exitCode).toBe(0);
	expect(stdout).toContain('leads[status][0][old_status_id]=16203334');
	expect(stdout).toMatch(/^1 x 200: n8n took it/m);
	expect(stdout + stderr).not.toContain('secret');
});

test('simulate says how to go on after each kind of answer, and exits with 1 when one is not 2xx', async () => {
	statuses = [503];
	const { exitCode, stdout } = await simulate(`chat --count 3 --rate 100 --url http://${host}/`);
	expect(exitCode).toBe(1);
	expect(stdout).toMatch(/^2 x 200: n8n took/m);
	expect(stdout).toMatch(/^1 x 503: .*Is n8n running.*\n {2}It said: busy/m);
});

test('simulate exits with 2 when it does not understand', async () => {
	const { exitCode, stdout, stderr } = await simulate('status chta');
	expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
	expect(stderr).toMatch(/no event "chta".*\n\nHelp: npm run simulate -- --help$/);
});

test("simulate takes the editor's URL for the n8n of npm start, and lists the event for the polling trigger", async () => {
	const bodies: string[] = [];
	// In place of Kommo's stand-in
	const standIn = createServer((request, response) => {
		void text(request).then((body) => {
			bodies.push(`${request.url} ${body}`);
			response.end('null');
		});
	}).listen(0, '127.0.0.1');
	await once(standIn, 'listening');
	const PORT = String((standIn.address() as AddressInfo).port - 1);
	const url = 'https://n8n.example.com/webhook/1b2c/kommo';
	const { stdout } = await simulate(`status --id 5 --stage 142 --url ${url}`, { PORT });
	standIn.close();
	expect(stdout).toContain(`POST http://127.0.0.1:${PORT}/webhook/1b2c/kommo`);
	expect(stdout).toMatch(/Kommo Polling Trigger finds it/);
	const [listed] = bodies as [string];
	expect(listed).toMatch(/^\/events \[/);
	expect(JSON.parse(listed.replace('/events ', ''))).toEqual([
		expect.objectContaining({
			type: 'lead_status_changed',
			entity_id: 5,
			value_after: [{ lead_status: { id: 142, pipeline_id: 752662 } }],
		}),
	]);
});
