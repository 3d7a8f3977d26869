import { exchangeAsKommo } from '../kommo/request';

/** What became of one request. */
export interface Outcome {
	/** The HTTP status, `timeout`, or the code of the error that ended the request without an answer */
	result: number | string;
	/** What the other side or the error says about it; for a redirect the place that it names */
	says: string;
	/** From opening the connection to the answer's end */
	ms: number;
}

export function isTaken({ result }: Outcome): boolean {
	return typeof result === 'number' && result >= 200 && result < 300;
}

/** Posts a body as Kommo does. Never throws. */
export async function post(url: string, body: string, timeout: number): Promise<Outcome> {
	const started = performance.now();
	const since = () => performance.now() - started;
	try {
		const signal = AbortSignal.timeout(timeout);
		const { status, headers, text } = await exchangeAsKommo(url, body, { signal });
		// The place of a redirect without its query, which may have the token in it.
		const says = headers.location?.replace(/\?.*/s, '?...') ?? readMessage(text);
		return { result: status, says: shorten(says), ms: since() };
	} catch (error) {
		const { code, name, message } = error as NodeJS.ErrnoException;
		const result = code === 'ABORT_ERR' ? 'timeout' : (code ?? name);
		return { result, says: shorten(message), ms: since() };
	}
}

/** The message of n8n's JSON and of the trigger's; a page of HTML says nothing to a reader. */
function readMessage(text: string): string {
	try {
		const { message } = JSON.parse(text) as { message?: unknown };
		return typeof message === 'string' ? message : '';
	} catch {
		return text.trimStart().startsWith('<') ? '' : text;
	}
}

/** On one line that no terminal takes for a command. */
function shorten(text: string): string {
	const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
	return line.length > 200 ? `${line.slice(0, 200)}...` : line;
}
