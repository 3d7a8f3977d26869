import type { ClientRequest } from 'node:http';

const PIECES = 10;

/** Writes a body in small pieces over that many ms. */
export function trickleOver(ms: number) {
	return (request: ClientRequest, body: string): void => {
		const size = Math.ceil(body.length / PIECES);
		const pieces = Array.from({ length: PIECES }, (_, n) => body.slice(n * size, (n + 1) * size));
		const writeNext = () => {
			request.write(pieces.shift());
			if (pieces.length === 0) request.end();
			else setTimeout(writeNext, ms / PIECES);
		};
		writeNext();
	};
}

/** Writes half of a body, then closes the connection. */
export function breakOff(request: ClientRequest, body: string): void {
	request.write(body.slice(0, body.length / 2), () => request.destroy());
}
