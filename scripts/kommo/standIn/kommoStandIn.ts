import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { generateCACertificate, getLocal, type CompletedRequest, type Mockttp } from 'mockttp';

import { KommoAccount } from './account';
import { json, type Answer } from './answers';
import { Deliveries } from './deliveries';
import { Tokens } from './tokens';

type Answerer = (request: CompletedRequest) => Promise<Answer>;

/** A request that reached Kommo, and when */
export interface Received {
	method: string;
	host: string;
	path: string;
	authorization: string;
	/** In ms */
	time: number;
}

/**
 * Kommo as `acme.kommo.com`: an account with its API, OAuth2 server and deliveries. It is an intercepting
 * proxy, so programs send requests to Kommo's real address.
 */
export class KommoStandIn extends KommoAccount {
	readonly received: Received[] = [];

	readonly deliveries = new Deliveries(this.webhooks);

	/** While it is set, it answers in place of the API. If it gives nothing, the API answers. */
	fault?: (request: Received) => Promise<Answer | undefined> | Answer | undefined;

	private readonly oAuth2 = new Tokens();

	private constructor(
		private readonly server: Mockttp,
		/** What a program needs to reach Kommo here */
		readonly env: NodeJS.ProcessEnv,
		private readonly otherHosts: Record<string, Answerer>,
	) {
		super();
	}

	/** @param otherHosts what else the proxy answers for */
	static async start(
		folder: string,
		otherHosts: Record<string, Answerer> = {},
	): Promise<KommoStandIn> {
		const https = await generateCACertificate({ subject: { commonName: 'Kommo stand-in' } });
		const certificate = join(folder, 'stand-in-ca.pem');
		await writeFile(certificate, https.cert);
		const server = getLocal({ https });
		await server.start();
		const env = {
			HTTPS_PROXY: server.url,
			NODE_EXTRA_CA_CERTS: certificate,
			// npm, which n8n runs, ignores the one above where its configuration names a file.
			NPM_CONFIG_CAFILE: certificate,
		};
		const standIn = new KommoStandIn(server, env, otherHosts);
		await server.forAnyRequest().thenCallback(async (request) => await standIn.answer(request));
		return standIn;
	}

	async stop(): Promise<void> {
		this.deliveries.stop();
		await this.server.stop();
	}

	/** Tokens that are accepted */
	get tokens(): Set<string> {
		return this.oAuth2.accepted;
	}

	/** Each can be used for one renewal */
	get usedRefreshTokens(): Set<string> {
		return this.oAuth2.usedRefreshTokens;
	}

	/** The paths that were requested since the last call, without the query. */
	takePaths(): string[] {
		return this.received.splice(0).map(({ path }) => path.split('?')[0] ?? path);
	}

	private async answer(request: CompletedRequest): Promise<Answer> {
		const { host, pathname, search } = new URL(request.url);
		const received: Received = {
			method: request.method,
			host,
			path: pathname + decodeURIComponent(search),
			authorization: String(request.headers.authorization ?? ''),
			time: Date.now(),
		};
		const isKommo = host.endsWith('.kommo.com');
		// n8n itself also sends requests to other hosts. They count only if they have a token, which would be a
		// leak.
		if (isKommo || received.authorization) this.received.push(received);
		if (!isKommo) return (await this.otherHosts[host]?.(request)) ?? { statusCode: 502 };
		if (pathname === '/oauth2/access_token') {
			return this.oAuth2.give(new URLSearchParams(await request.body.getText()));
		}
		const fault = await this.fault?.(received);
		if (fault) return fault;
		if (!this.tokens.has(received.authorization.replace('Bearer ', ''))) {
			return json(401, { title: 'Unauthorized', status: 401 });
		}
		const { method, url, body } = request;
		return this.answerApi({
			method,
			url,
			body: (await body.getDecodedBuffer()) ?? Buffer.alloc(0),
		});
	}
}
