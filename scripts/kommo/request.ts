import { randomUUID } from 'node:crypto';
import { request as requestHttp, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

/** How long Kommo waits for an answer, in ms */
export const KOMMO_WAITS = 2_000;

interface SendOptions {
	/** Ends the request with an error */
	signal?: AbortSignal;
}

/**
 * Opens a request with the headers that Kommo sends, and no others. They were recorded with a stage change in
 * 2023 (AmoToSheetFunctionTest.cs in github.com/navff/anyor). Only Kommo's tracing header is left out.
 * Requests of 2016 had the user agent `amoCRM-WebHook-client/1.0` (tests/leads/hook in
 * github.com/Bolid1/zapier_build).
 *
 * @param length of the body, in bytes
 */
function openRequest(url: string, length: number, { signal }: SendOptions = {}): ClientRequest {
	const request = new URL(url).protocol === 'https:' ? requestHttps : requestHttp;
	return request(url, {
		method: 'POST',
		agent: false,
		signal,
		headers: {
			'User-Agent': 'amoCRM-Webhooks/3.0',
			'Content-Length': length,
			'Content-Type': 'application/x-www-form-urlencoded',
			'X-Amocrm-Requestid': randomUUID(),
			'Accept-Encoding': 'gzip',
		},
	});
}

/** Posts a body the way Kommo does, and follows no redirect. */
export async function postAsKommo(
	url: string,
	body: string,
	options?: SendOptions,
): Promise<Response> {
	const answer = await new Promise<IncomingMessage>((resolve, reject) => {
		const request = openRequest(url, Buffer.byteLength(body), options);
		request.on('error', reject);
		request.on('response', resolve);
		request.end(body);
	});
	const { statusCode: status = 0, headers } = answer;
	const pairs = Object.entries(headers).map(([name, value]) => [name, String(value)]);
	// With some statuses, such as 204, a Response takes no body, not even an empty one.
	const text = (await readText(answer)) || null;
	return new Response(text, { status, headers: Object.fromEntries(pairs) });
}

async function readText(answer: IncomingMessage): Promise<string> {
	const content = await buffer(answer);
	if (answer.headers['content-encoding'] !== 'gzip') return content.toString();
	// An empty body is not gzip, whatever its header says, and some proxies label others wrongly.
	return String(await promisify(gunzip)(content).catch(() => content));
}
