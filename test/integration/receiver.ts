import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A request that came */
export interface Received {
	method?: string;
	url?: string;
	/** Names and values in turn, as they were sent */
	headers: string[];
	body: string;
	/** In ms, of `performance.now()` */
	at: number;
}

/** @param count how many requests there have been since the last reset, this one included */
export type Respond = (response: ServerResponse, request: IncomingMessage, count: number) => void;

/** A server in place of n8n. It keeps what it receives, and answers as a test wants. */
export class Receiver {
	readonly received: Received[] = [];

	respond: Respond = answer(200);

	private readonly server = createServer((request, response) => {
		const at = performance.now();
		void text(request).then((body) => {
			const { method, url, rawHeaders } = request;
			this.received.push({ method, url, headers: rawHeaders, body, at });
			this.respond(response, request, this.received.length);
		});
	});

	async start(): Promise<void> {
		this.server.listen(0, '127.0.0.1');
		await once(this.server, 'listening');
	}

	stop(): void {
		this.server.closeAllConnections();
		this.server.close();
	}

	/** Forgets what it has received, and answers 200 again. */
	reset(): void {
		this.received.length = 0;
		this.respond = answer(200);
	}

	get port(): number {
		return (this.server.address() as AddressInfo).port;
	}

	/** @param path begins with a slash */
	urlOf(path: string): string {
		return `http://127.0.0.1:${this.port}${path}`;
	}
}

/** Answers with a text, or with an object as JSON. */
export function answer(status: number, body: string | object = '', headers = {}): Respond {
	return (response) => {
		const isJson = typeof body !== 'string';
		response.writeHead(status, {
			...(isJson && { 'content-type': 'application/json' }),
			...headers,
		});
		response.end(isJson ? JSON.stringify(body) : body);
	};
}
