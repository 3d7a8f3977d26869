import { CERTIFICATE_REFUSED, CREDENTIAL_UNUSABLE, describeError } from './problem';

/** A request without an answer: nothing was sent, Kommo may have got it, or another attempt is useless. */
export type NoAnswer =
	| { outcome: 'noConnection' }
	| { outcome: 'brokenConnection' }
	| { outcome: 'useless'; problem: string };

/** Of Node.js and OpenSSL, https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const CERTIFICATE_CODE =
	/CERT|CRL_|_LEAF_SIGNATURE|^(INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH)$/;

/** Of the system, from before a request can be sent */
const NO_CONNECTION_CODE = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN)$/;

/**
 * Of the system, axios, Node.js, the HTTP parser and undici. EAUTH and ESTATUS are what n8n's OAuth2 client
 * says when a renewal is refused.
 */
const NETWORK_CODE =
	/^(?!EAUTH$|ESTATUS$)E(?!RR_)[A-Z0-9_]+$|^(ERR_(NETWORK|CANCELED|BAD_RESPONSE|SSL_|SOCKET_|STREAM_)|HPE_|UND_ERR_)[A-Z0-9_]*$/;

/** Tells apart what n8n throws: it wraps what the connection threw; anything else is about the credential. */
export function toNoAnswer(error: unknown): NoAnswer {
	const codes = codesOf(error);
	if (codes.some((code) => CERTIFICATE_CODE.test(code))) {
		return { outcome: 'useless', problem: CERTIFICATE_REFUSED };
	}
	if (codes.some((code) => NO_CONNECTION_CODE.test(code))) return { outcome: 'noConnection' };
	if (codes.some((code) => NETWORK_CODE.test(code))) return { outcome: 'brokenConnection' };
	if (error instanceof TypeError && codes.length === 0) {
		return { outcome: 'useless', problem: describeError(error) };
	}
	return { outcome: 'useless', problem: CREDENTIAL_UNUSABLE };
}

/** The wrap of n8n 1.x has no cause, and the connection's code as its `httpCode`. */
function codesOf(error: unknown): string[] {
	const codes: unknown[] = [];
	for (let cause = error; cause instanceof Error; cause = cause.cause) {
		const { code, httpCode } = cause as { code?: unknown; httpCode?: unknown };
		codes.push(code, httpCode);
	}
	return codes.filter((code) => typeof code === 'string');
}
