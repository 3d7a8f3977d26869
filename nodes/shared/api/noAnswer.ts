import { UserError } from 'n8n-workflow';

import { CERTIFICATE_REFUSED, CREDENTIAL_UNUSABLE, describeError, UNREACHABLE } from './problem';

/** Why a request got no answer */
export interface NoAnswer {
	/** A sentence for the user */
	problem: string;
	/** Whether Kommo may have got the request */
	maybeSent: boolean;
	/** Whether a retry may help */
	isTemporary: boolean;
}

/** How Node.js and OpenSSL refuse a certificate, https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const CERTIFICATE_CODE =
	/CERT|CRL_|_LEAF_SIGNATURE|^(INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH)$/;

/** The system has not connected, so nothing was sent. */
const NO_CONNECTION_CODE = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN)$/;

/**
 * How n8n's OAuth2 client says that a renewal was refused, and Node.js that a token cannot be sent in a
 * header
 */
const CREDENTIAL_CODE = /^(EAUTH|ESTATUS|ERR_INVALID_CHAR)$/;

/** Errors of the connection, from the system, axios, Node.js, the HTTP parser, undici and zlib */
const NETWORK_CODE =
	/^E(?!RR_)[A-Z0-9_]+$|^(ERR_(NETWORK|CANCELED|BAD_RESPONSE|SSL_|SOCKET_|STREAM_)|HPE_|UND_ERR_|Z_)[A-Z0-9_]*$/;

/** Reads what n8n throws, which wraps what the connection threw. */
export function toNoAnswer(error: unknown): NoAnswer {
	const causes = causesOf(error);
	const codes = causes.flatMap(codesOf);
	const has = (code: RegExp) => codes.some((one) => code.test(one));
	if (has(CERTIFICATE_CODE)) {
		return { problem: CERTIFICATE_REFUSED, maybeSent: false, isTemporary: false };
	}
	if (has(NO_CONNECTION_CODE)) return { problem: UNREACHABLE, maybeSent: false, isTemporary: true };
	if (has(CREDENTIAL_CODE) || causes.some((cause) => cause instanceof UserError)) {
		return { problem: CREDENTIAL_UNUSABLE, maybeSent: false, isTemporary: false };
	}
	if (has(NETWORK_CODE)) return { problem: UNREACHABLE, maybeSent: true, isTemporary: true };
	const isBug = error instanceof TypeError && codes.length === 0;
	const problem = isBug ? describeError(error) : CREDENTIAL_UNUSABLE;
	return { problem, maybeSent: true, isTemporary: false };
}

function causesOf(error: unknown): Error[] {
	const causes: Error[] = [];
	for (let cause = error; cause instanceof Error; cause = cause.cause) causes.push(cause);
	return causes;
}

/** n8n 1.x wraps an error without a `cause`, and gives the connection's code as `httpCode`. */
function codesOf(error: Error): string[] {
	const { code, httpCode } = error as { code?: unknown; httpCode?: unknown };
	return [code, httpCode].filter((one) => typeof one === 'string');
}
