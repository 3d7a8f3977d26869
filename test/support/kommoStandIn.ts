import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { generateCACertificate, getLocal, type CompletedRequest, type Mockttp } from 'mockttp';

export const ACCESS_TOKEN = 'long-lived-token-of-acme';
export const USER = { id: 938300, name: 'Ana Souza', email: 'ana@example.com' };

export type Answer = Awaited<
	ReturnType<Parameters<ReturnType<Mockttp['forAnyRequest']>['thenCallback']>[0]>
>;

type Answerer = (request: CompletedRequest) => Promise<Answer>;

/** A request that reached Kommo, and when */
export interface Received {
	host: string;
	path: string;
	authorization: string;
	/** In ms */
	time: number;
}

const PIPELINES = [
	{ id: 7, name: 'Sales', is_archive: false, stages: { 10: 'Negotiation', 20: 'Contract' } },
	{ id: 8, name: 'Support', is_archive: false, stages: { 30: 'Open' } },
	{ id: 9, name: 'Old sales', is_archive: true, stages: { 40: 'Done' } },
].map(({ stages, ...pipeline }) => ({
	...pipeline,
	_embedded: {
		statuses: Object.entries({ ...stages, 142: 'Closed - won', 143: 'Closed - lost' }).map(
			([id, name]) => ({ id: Number(id), name, pipeline_id: pipeline.id }),
		),
	},
}));

/** Each lead n has the main contact 100000 + n; lead 404 does not exist, lead 405 has no contact. */
export const makeLead = (id: number) => ({
	id,
	name: `Lead ${id}`,
	price: 1000,
	responsible_user_id: USER.id,
	pipeline_id: 7,
	status_id: 142,
	_embedded: {
		contacts:
			id === 405
				? []
				: [
						{ id: 1, is_main: false },
						{ id: 100_000 + id, is_main: true },
					],
	},
});
export const makeContact = (id: number) => ({ id, name: `Contact ${id}` });
const makeCustomer = (id: number) => ({ ...makeLead(id), name: `Customer ${id}` });

/**
 * Kommo's API v4 and OAuth2 server for `acme.kommo.com`, as an intercepting proxy: what sends it requests
 * asks for Kommo's own address. Answers have the shape of Kommo's API reference.
 */
export class KommoStandIn {
	readonly received: Received[] = [];

	/** Tokens that are accepted */
	readonly tokens = new Set([ACCESS_TOKEN]);

	/** Each is good for one renewal */
	readonly usedRefreshTokens = new Set<string>();

	/** Answers in place of the API, for as long as it is set */
	fault?: (request: Received) => Promise<Answer> | Answer;

	private constructor(
		private readonly server: Mockttp,
		/** What a program needs to reach Kommo here */
		readonly env: NodeJS.ProcessEnv,
		private readonly otherHosts: Record<string, Answerer>,
	) {}

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
		const env = { HTTPS_PROXY: server.url, NODE_EXTRA_CA_CERTS: certificate };
		const standIn = new KommoStandIn(server, env, otherHosts);
		await server.forAnyRequest().thenCallback(async (request) => await standIn.answer(request));
		return standIn;
	}

	async stop(): Promise<void> {
		await this.server.stop();
	}

	/** The API's paths that have been asked for since the last call, without the query. */
	takePaths(): string[] {
		return this.received.splice(0).map(({ path }) => path.split('?')[0] ?? path);
	}

	private async answer(request: CompletedRequest): Promise<Answer> {
		const { host, pathname, searchParams } = new URL(request.url);
		const received: Received = {
			host,
			path: pathname + decodeURIComponent(new URL(request.url).search),
			authorization: String(request.headers.authorization ?? ''),
			time: Date.now(),
		};
		const isKommo = host.endsWith('.kommo.com');
		// Other hosts are asked for n8n's own affairs; a token on its way to one is a leak to see.
		if (isKommo || received.authorization) this.received.push(received);
		if (!isKommo) return (await this.otherHosts[host]?.(request)) ?? { statusCode: 502 };
		if (pathname === '/oauth2/access_token') return await this.giveTokens(request);
		if (this.fault) return await this.fault(received);
		if (!this.tokens.has(received.authorization.replace('Bearer ', ''))) {
			return json(401, { title: 'Unauthorized', status: 401 });
		}
		return answerApi(pathname, searchParams);
	}

	/** Refresh tokens rotate: `refresh-1` gives `access-2` and `refresh-2`. A code begins at 10. */
	private async giveTokens(request: CompletedRequest): Promise<Answer> {
		const form = new URLSearchParams(await request.body.getText());
		const refreshToken = form.get('refresh_token') ?? '';
		const isUsed = this.usedRefreshTokens.has(refreshToken);
		this.usedRefreshTokens.add(refreshToken);
		const generation =
			form.get('code') === 'code-of-ana'
				? 10
				: Number(/^refresh-(\d+)$/.exec(refreshToken)?.[1]) + 1;
		if (!generation || isUsed || form.get('client_secret') !== 'client-secret') {
			return json(400, { hint: 'Token has been revoked', status: 400 });
		}
		this.tokens.add(`access-${generation}`);
		return {
			statusCode: 200,
			headers: { 'content-type': 'application/json; charset=UTF-8' },
			body: JSON.stringify({
				token_type: 'Bearer',
				expires_in: 86400,
				access_token: `access-${generation}`,
				refresh_token: `refresh-${generation}`,
			}),
		};
	}
}

function answerApi(path: string, query: URLSearchParams): Answer {
	const ids = query.getAll('filter[id][]').map(Number);
	const page = Number(query.get('page') ?? 1);
	switch (path) {
		case '/api/v4/account':
			return json(200, { id: 29085955, name: 'Acme', subdomain: 'acme' });
		case '/api/v4/leads/pipelines':
			return list('pipelines', PIPELINES);
		case '/api/v4/users':
			return page === 1
				? list('users', [{ id: 1, name: 'Somebody' }], 'https://acme.kommo.com/api/v4/users?page=2')
				: list('users', [USER]);
		case '/api/v4/leads':
			return list('leads', ids.filter((id) => id !== 404).map(makeLead));
		case '/api/v4/customers':
			return list('customers', ids.map(makeCustomer));
		case '/api/v4/contacts':
			return list('contacts', ids.map(makeContact));
		default:
			return json(404, { title: 'Not found', status: 404 });
	}
}

function list(key: string, entries: object[], next?: string): Answer {
	if (entries.length === 0) return { statusCode: 204 };
	return json(200, {
		_page: 1,
		_links: { ...(next && { next: { href: next } }) },
		_embedded: { [key]: entries },
	});
}

function json(statusCode: number, body: object): Answer {
	return {
		statusCode,
		headers: { 'content-type': 'application/hal+json' },
		body: JSON.stringify(body),
	};
}
