import { gzipSync } from 'node:zlib';

import { DEMO_URL } from '../../scripts/n8n/demo';
import { readRequest } from '../../scripts/n8n/example';
import { findFreePort } from '../../scripts/n8n/port';
import { post } from '../../scripts/simulate/outcome';
import { explain } from '../../scripts/simulate/report';
import { answer, Receiver, type Respond } from './receiver';

jest.setTimeout(60_000);

const receiver = new Receiver();
let port: number;
let url: string;

beforeAll(async () => {
	await receiver.start();
	({ port } = receiver);
	url = receiver.urlOf('/webhook/1b2c/kommo');
});

afterAll(() => receiver.stop());

beforeEach(() => receiver.reset());

describe('the advice', () => {
	const explainAnswer = async (to: string) => {
		const outcome = await post(to, readRequest('status'), 30_000);
		return { result: outcome.result, advice: explain(outcome, to) };
	};

	test.each<[what: string, respond: Respond, path: string, expected: RegExp]>([
		[
			'an unpublished workflow',
			answer(404, { message: 'The requested webhook "POST x" is not registered.' }),
			'/webhook/x/kommo',
			/Publish \(activate\) it.*\n.*"POST x" is not registered/,
		],
		[
			'a Test URL that does not listen',
			answer(404, { message: 'The requested webhook "x" is not registered.' }),
			'/webhook-test/x/kommo',
			/Execute step/,
		],
		[
			'the URL of another node',
			answer(404, {
				message: 'not registered for POST requests. Did you mean to make a GET request?',
			}),
			'/webhook/x',
			/that of another node/,
		],
		['no webhook', answer(404, '<html>Cannot POST /</html>'), '/', /Production URL/],
		['a missing token', answer(401, { message: 'no token' }), '/', /\?token=.*\n.*no token/],
		['a refused body', answer(400, { message: 'odd' }), '/', /body was refused.*\n.*odd/],
		['a body too large', answer(413), '/', /Lower --records.*N8N_PAYLOAD_SIZE_MAX/],
		['a limit of the rate', answer(429), '/', /Lower --rate/],
		['an n8n that fails', answer(500, { message: 'There was a problem' }), '/', /log.*\n.*problem/],
		['a proxy without n8n', answer(502, '<html>'), '/', /Does n8n run/],
		[
			'a redirect',
			answer(301, '', { location: 'https://x.y/z?token=secret' }),
			'/',
			/leads elsewhere.*\n.*x\.y\/z\?\.\.\.$/,
		],
		[
			'something else',
			answer(403, 'Forbidden\x1b[31m\n'),
			'/',
			/Is --url right\?\n.*Forbidden \[31m$/,
		],
		[
			'a compressed answer',
			(response) =>
				response.writeHead(400, { 'content-encoding': 'gzip' }).end(gzipSync('{"message":"zip"}')),
			'/',
			/The answer: zip/,
		],
		[
			'an answer whose gzip is broken',
			answer(400, 'plain', { 'content-encoding': 'gzip' }),
			'/',
			/body was refused.*\n.*plain/,
		],
		['a status beyond 599', answer(600), '/', /^Is --url right/],
		[
			'an answer that is cut short',
			(response) => {
				response.writeHead(200, { 'content-length': 10 });
				response.write('half', () => response.destroy());
			},
			'/',
			/before the end of its answer/,
		],
		[
			'an answer that is no HTTP',
			(response) => response.socket!.end('220 mail.example.com ESMTP\r\n'),
			'/',
			/does not speak HTTP/,
		],
		['a closed connection', (response) => response.destroy(), '/', /closed without an answer/],
	])('explains %s', async (_, respondSo, path, expected) => {
		receiver.respond = respondSo;
		const { advice } = await explainAnswer(`http://127.0.0.1:${port}${path}`);
		expect(advice).toMatch(expected);
	});

	test.each([
		[200, 'gzip', ''],
		[204, 'gzip', ''],
		[205, 'identity', 'a body'],
	])('takes a %i that is %s and has the body "%s"', async (status, encoding, body) => {
		receiver.respond = (response) => {
			const head = `HTTP/1.1 ${status} OK\r\ncontent-encoding: ${encoding}\r\n`;
			response.socket!.end(`${head}content-length: ${body.length}\r\n\r\n${body}`);
		};
		expect(await post(url, readRequest('status'), 30_000)).toMatchObject({ result: status });
	});

	test('says timeout when an answer begins, but does not end in time', async () => {
		receiver.respond = (response) => void response.writeHead(200).write('half');
		expect(await post(url, readRequest('status'), 500)).toMatchObject({ result: 'timeout' });
	});

	test.each(['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL'])(
		'explains %s in words of its own',
		(result) => {
			expect(explain({ result, says: '', ms: 1 }, url)).not.toContain('No connection came about');
		},
	);

	test('explains that npm start may have another port', () => {
		const refused = { result: 'ECONNREFUSED', says: '', ms: 1 };
		expect(explain(refused, DEMO_URL)).toMatch(/npm start runs with PORT, use the command/);
		expect(explain(refused, url)).not.toContain('PORT');
	});

	test('explains what could not be reached', async () => {
		expect(await explainAnswer(`http://127.0.0.1:${await findFreePort()}/webhook/x`)).toEqual({
			result: 'ECONNREFUSED',
			advice: expect.stringMatching(/^Nothing listens at .*npm start/),
		});
		expect((await explainAnswer('http://n8n.invalid/webhook/x')).advice).toContain('n8n.invalid');
		expect((await explainAnswer(`https://127.0.0.1:${port}/webhook/x`)).advice).toContain(
			'http://',
		);
	});
});
