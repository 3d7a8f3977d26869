import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { loadPackage } from '../support/builtPackage';
import { BuiltNode } from '../support/builtNode';
import { failureOf } from '../support/failureOf';

const incoming = { talk_id: 7 };
const text = 'R$ 100';

beforeAll(loadPackage);

const sendTo = async (origin: string) =>
	await new BuiltNode({
		credentials: { kommoPipelineAccessTokenApi: { account: 'acme', accessToken: 'x' } },
		parameters: { authentication: 'accessToken', text },
		origin,
	}).execute(incoming);

describe('Send Message over a connection that breaks', () => {
	let server: Server;
	let received: string[];

	const listen = async (respond: RequestListener) => {
		received = [];
		server = createServer((request, response) => {
			let body = '';
			request.on('data', (chunk) => (body += chunk));
			request.on('end', () => {
				received.push(body);
				respond(request, response);
			});
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	};

	afterEach(() => {
		server.closeAllConnections();
		server.close();
	});

	test.each<[string, RequestListener]>([
		['before the answer', (request) => request.socket.destroy()],
		['by a reset', (request) => request.socket.resetAndDestroy()],
		[
			'in the headers of the answer',
			(request) => request.socket.end('HTTP/1.1 202 Accepted\r\ncontent-ty'),
		],
		[
			'in the body of the answer',
			({ socket }) => {
				socket.write('HTTP/1.1 202 Accepted\r\ncontent-length: 100\r\n\r\n{"id":');
				setTimeout(() => socket.destroy(), 50);
			},
		],
		['into something else', (request) => request.socket.end('SSH-2.0-OpenSSH_9.2\r\n')],
	])('%s, sends nothing again', async (_, respond) => {
		const origin = await listen(respond);
		const error = await failureOf(sendTo(origin));
		expect(error.message).toMatch(/may or may not have been sent\. Look in the chat/);
		expect(received).toEqual([JSON.stringify({ text })]);
	});

	test('before it was made, sends again until somebody answers', async () => {
		const origin = await listen((_request, response) =>
			response.writeHead(202, { 'content-type': 'application/json' }).end('{"id":"a"}'),
		);
		const { port } = server.address() as AddressInfo;
		await new Promise((resolve) => server.close(resolve));
		const sending = sendTo(origin);
		setTimeout(() => server.listen(port, '127.0.0.1'), 400);
		const [items] = await sending;
		expect(items![0]!.json).toEqual({ talk_id: 7, message_id: 'a', text });
		expect(received).toHaveLength(1);
	});
});
