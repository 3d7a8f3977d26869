import { NodeApiError, type INode } from 'n8n-workflow';

import { describeError, KommoApiError } from './problem';

/**
 * A failed request as n8n shows it, with the status of Kommo's answer if there was one.
 *
 * @param message a sentence that says how to go on, without a secret
 */
export function toNodeError(
	node: INode,
	error: unknown,
	message: string = describeError(error),
): NodeApiError {
	const status = error instanceof KommoApiError ? error.answer?.status : undefined;
	return new NodeApiError(node, { message }, { message, httpCode: status?.toString() });
}
