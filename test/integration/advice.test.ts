import { gzipSync } from 'node:zlib';

import { DEMO_URL } from '../../scripts/n8n/demo';
import { readRequest } from '../../scripts/n8n/example';
import { findFreePort } from '../../scripts/n8n/port';
import { advise } from '../../scripts/simulate/advice';
import { post } from '../../scripts/simulate/outcome';
import { answer, Receiver, type Respond } from './receiver';

const receiver = new Receiver();

beforeAll(() => receiver.start());
afterAll(() => receiver.stop());
beforeEach(() => receiver.reset());

async function send(url: string, timeout?: number) {
	const outcome = await post(url, readRequest('status'), timeout);
	return { ...outcome, advice: advise(outcome, url) };
}

const notRegistered = (more = '') =>
	answer(404, { message: `The requested webhook "POST x" is not registered.${more}` });

describe('the advice', () => {
	test.each<[what: string, respond: Respond, path: string, expected: RegExp]>([
		['an event that was taken', answer(200), '/webhook/x', /look at Executions/],
		['a test event that was taken', answer(204), '/webhook-test/x', /look in the editor/],
		['an unpublished workflow', notRegistered(), '/webhook/x', /Publish \(activate\) it/],
		['a Test URL that does not listen', notRegistered(), '/webhook-test/x', /Execute step/],
		['another node', notRegistered(' Did you mean GET?'), '/webhook/x', /of another node/],
		['no webhook', answer(404, '<html>Cannot POST /</html>'), '/', /Production URL/],
		['a missing token', answer(401), '/', /\?token=/],
		['a refused body', answer(400), '/', /body was refused/],
		['a body too large', answer(413), '/', /Lower --records.*N8N_PAYLOAD_SIZE_MAX/],
		['a limit of the rate', answer(429), '/', /Lower --rate/],
		['an n8n that fails', answer(500), '/', /its log says why/],
		['a proxy without n8n', answer(502), '/', /Is n8n running/],
		['a redirect', answer(301), '/', /leads elsewhere/],
		['another refusal', answer(403), '/', /Is --url right\?/],
		['no HTTP', (response) => response.socket!.end('220 ESMTP\r\n'), '/', /HTTP/],
		['a closed connection', (response) => response.destroy(), '/', /without a whole answer/],
		[
			'an answer that is cut short',
			(response) => {
				response.writeHead(200, { 'content-length': 10 });
				response.write('half', () => response.destroy());
			},
			'/',
			/without a whole answer/,
		],
	])('explains %s', async (_, respond, path, expected) => {
		receiver.respond = respond;
		expect((await send(receiver.urlOf(path))).advice).toMatch(expected);
	});

	test('explains what could not be reached', async () => {
		const closed = `http://127.0.0.1:${await findFreePort()}/webhook/x`;
		expect((await send(closed)).advice).toMatch(/^Nothing listens at .*npm start/);
		expect((await send('http://n8n.invalid/webhook/x')).advice).toContain('n8n.invalid');
		const insecure = receiver.urlOf('/webhook/x').replace('http:', 'https:');
		expect((await send(insecure)).advice).toContain('http://');
	});

	test('explains that another program has the port of npm start', () => {
		expect(advise({ result: 404, says: '', ms: 1 }, DEMO_URL)).toContain('npm start runs');
	});
});

describe('an outcome', () => {
	test.each<[what: string, respond: Respond, says: string]>([
		['the message of JSON', answer(500, { message: 'There was a problem' }), 'There was a problem'],
		['a text without control characters', answer(403, 'Forbidden\x1b[31m\n'), 'Forbidden [31m'],
		['nothing for a page of HTML', answer(502, '<html>'), ''],
		[
			'where a redirect leads, without the token',
			answer(301, '', { location: 'https://x.y/z?token=secret' }),
			'https://x.y/z?...',
		],
		[
			'the message of a compressed answer',
			(response) =>
				response.writeHead(400, { 'content-encoding': 'gzip' }).end(gzipSync('{"message":"zip"}')),
			'zip',
		],
		[
			'a text that only claims to be compressed',
			answer(400, 'plain', { 'content-encoding': 'gzip' }),
			'plain',
		],
	])('says %s', async (_, respond, says) => {
		receiver.respond = respond;
		expect(await send(receiver.urlOf('/'))).toMatchObject({ says });
	});

	test('is a timeout when an answer begins, but does not end in time', async () => {
		receiver.respond = (response) => void response.writeHead(200).write('half');
		const { result, advice } = await send(receiver.urlOf('/'), 500);
		expect(result).toBe('timeout');
		expect(advice).toContain('no answer');
	});
});
