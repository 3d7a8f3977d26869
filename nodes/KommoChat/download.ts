import type { IExecuteFunctions, IN8nHttpFullResponse } from 'n8n-workflow';

import { KommoApiError } from '../shared/api/problem';

const MEGABYTE = 1024 * 1024;

const MAX_SIZE = 20 * MEGABYTE;

const MAX_REDIRECTS = 3;

/** In ms */
const TIMEOUT = 30_000;

/** The hosts on which Kommo stores the attachments of chats */
const KOMMO_HOST = /(^|\.)(kommo\.com|amocrm\.com|amocrm\.ru)$/;

/** The part of n8n's stream that is used here */
interface Stream extends AsyncIterable<Uint8Array> {
	destroy(): void;
}

export interface Download {
	bytes: Uint8Array;
	/** As the server names it, e.g. `audio/ogg` */
	mimeType: string;
}

/**
 * Downloads a file from one of Kommo's hosts, without the credential. A link comes from whoever wrote the
 * message, or from an AI: its host must not get the token, and must not be in n8n's own network.
 *
 * @throws KommoApiError
 */
export async function download(context: IExecuteFunctions, link: string): Promise<Download> {
	let url = toUrl(link);
	for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
		const { statusCode, headers, body } = await get(context, url);
		const stream = body as unknown as Stream;
		if (statusCode === 200) {
			const [mimeType = ''] = String(headers['content-type'] ?? '').split(';');
			return { bytes: await read(stream), mimeType: mimeType || 'application/octet-stream' };
		}
		stream.destroy();
		const { location } = headers;
		if (statusCode < 300 || statusCode >= 400 || typeof location !== 'string') {
			throw new KommoApiError(
				`Kommo did not give the attachment (${statusCode}). Its link may be too old: run this soon after the message arrives.`,
			);
		}
		url = toUrl(new URL(location, url).href);
	}
	throw new KommoApiError(
		'The link of the attachment redirects too often. Look at the attachment in Kommo.',
	);
}

function toUrl(link: string): string {
	const url = URL.canParse(link) ? new URL(link) : undefined;
	const isKommo =
		url?.protocol === 'https:' &&
		KOMMO_HOST.test(url.hostname) &&
		url.port === '' &&
		url.username === '' &&
		url.password === '';
	if (url && isKommo) return url.href;
	throw new KommoApiError(
		`Only files at Kommo's own addresses are downloaded (https://...kommo.com, amocrm.com or amocrm.ru), but this one is at ${url?.host || 'no address'}. To get it, use an HTTP Request node without a credential.`,
	);
}

async function get({ helpers }: IExecuteFunctions, url: string): Promise<IN8nHttpFullResponse> {
	const response = await helpers
		.httpRequest({
			method: 'GET',
			url,
			encoding: 'stream',
			timeout: TIMEOUT,
			disableFollowRedirect: true,
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
		})
		.catch(() => undefined);
	if (!response) throw new KommoApiError(UNREACHABLE);
	return response as IN8nHttpFullResponse;
}

const UNREACHABLE =
	'The attachment could not be downloaded: the connection to Kommo failed. Try again later.';

async function read(stream: Stream): Promise<Uint8Array> {
	const chunks = await collect(stream).catch(() => undefined);
	if (!chunks) throw new KommoApiError(UNREACHABLE);
	const bytes = Buffer.concat(chunks);
	if (bytes.length <= MAX_SIZE) return bytes;
	throw new KommoApiError(
		`The attachment is larger than ${MAX_SIZE / MEGABYTE} MB. Look at the attachment in Kommo.`,
	);
}

/** Stops after the chunk that exceeds the limit. What a server says about the length need not be true. */
async function collect(stream: Stream): Promise<Uint8Array[]> {
	const chunks: Uint8Array[] = [];
	let length = 0;
	for await (const chunk of stream) {
		chunks.push(chunk);
		length += chunk.length;
		if (length > MAX_SIZE) break;
	}
	return chunks;
}
