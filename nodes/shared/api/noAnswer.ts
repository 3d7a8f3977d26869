import { UserError } from 'n8n-workflow';

import { CERTIFICATE_REFUSED, CREDENTIAL_UNUSABLE, describeError, UNREACHABLE } from './problem';

/** A request without an answer */
export interface NoAnswer {
	/** A sentence for the user */
	problem: string;
	/** Whether Kommo may have got the request */
	maybeSent: boolean;
	/** Whether another attempt may help */
	mayPass: boolean;
}

/** Of Node.js and OpenSSL, https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const CERTIFICATE_CODE =
	/CERT|CRL_|_LEAF_SIGNATURE|^(INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH)$/;

/** Of the system, from before a request can be sent */
const NO_CONNECTION_CODE = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN)$/;

/** What n8n's OAuth2 client says when a renewal is refused, and Node.js of a token that is no header */
const CREDENTIAL_CODE = /^(EAUTH|ESTATUS|ERR_INVALID_CHAR)$/;

/** Of the system, axios, Node.js, the HTTP parser, undici and zlib */
const NETWORK_CODE =
	/^E(?!RR_)[A-Z0-9_]+$|^(ERR_(NETWORK|CANCELED|BAD_RESPONSE|SSL_|SOCKET_|STREAM_)|HPE_|UND_ERR_|Z_)[A-Z0-9_]*$/;

/** Tells apart what n8n throws: it wraps what the connection threw. */
export function toNoAnswer(error: unknown): NoAnswer {
	const causes = causesOf(error);
	const codes = causes.flatMap(codesOf);
	const has = (code: RegExp) => codes.some((one) => code.test(one));
	if (has(CERTIFICATE_CODE)) {
		return { problem: CERTIFICATE_REFUSED, maybeSent: false, mayPass: false };
	}
	if (has(NO_CONNECTION_CODE)) return { problem: UNREACHABLE, maybeSent: false, mayPass: true };
	if (has(CREDENTIAL_CODE) || causes.some((cause) => cause instanceof UserError)) {
		return { problem: CREDENTIAL_UNUSABLE, maybeSent: false, mayPass: false };
	}
	if (has(NETWORK_CODE)) return { problem: UNREACHABLE, maybeSent: true, mayPass: true };
	const isMistake = error instanceof TypeError && codes.length === 0;
	const problem = isMistake ? describeError(error) : CREDENTIAL_UNUSABLE;
	return { problem, maybeSent: true, mayPass: false };
}

function causesOf(error: unknown): Error[] {
	const causes: Error[] = [];
	for (let cause = error; cause instanceof Error; cause = cause.cause) causes.push(cause);
	return causes;
}

/** The wrap of n8n 1.x has no cause, and the connection's code as its `httpCode`. */
function codesOf(error: Error): string[] {
	const { code, httpCode } = error as { code?: unknown; httpCode?: unknown };
	return [code, httpCode].filter((one) => typeof one === 'string');
}
