import { postAsKommo } from '../kommo/request';

/** The outcome of one request */
export interface Outcome {
	/** The HTTP status, `timeout`, or the code of the error that ended the request without an answer */
	result: number | string;
	/** What the answer or the error says; for a redirect, its target */
	says: string;
	/** From opening the connection to the end of the answer */
	ms: number;
}

export function isTaken({ result }: Outcome): boolean {
	return typeof result === 'number' && result >= 200 && result < 300;
}

/** Posts a body as Kommo does. Never throws. */
export async function post(url: string, body: string, timeout = 30_000): Promise<Outcome> {
	const started = performance.now();
	const end = (result: Outcome['result'], says: string): Outcome => {
		// One line without control characters, which a terminal could take for commands
		const line = says.replace(/[\s\p{Cc}]+/gu, ' ').trim();
		return { result, says: line.slice(0, 200), ms: performance.now() - started };
	};
	const signal = AbortSignal.timeout(timeout);
	try {
		const response = await postAsKommo(url, body, { signal });
		// The query of a redirect may contain the token.
		const target = response.headers.get('location')?.replace(/\?.*/s, '?...');
		return end(response.status, target ?? readMessage(await response.text()));
	} catch (error) {
		const { code, name, message } = error as NodeJS.ErrnoException;
		return end(signal.aborted ? 'timeout' : (code ?? name), message);
	}
}

/** The message in JSON of n8n or of the trigger; nothing for an HTML page. */
function readMessage(text: string): string {
	try {
		const { message } = JSON.parse(text) as { message?: unknown };
		return typeof message === 'string' ? message : '';
	} catch {
		return text.trimStart().startsWith('<') ? '' : text;
	}
}
