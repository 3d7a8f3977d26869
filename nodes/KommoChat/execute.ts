import {
	NodeError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';

import { openApi } from '../shared/api/client';
import { toNodeError } from '../shared/api/nodeError';
import { KommoApiError } from '../shared/api/problem';
import { isForeign } from '../shared/enrichment/subject';
import type { KommoEvent } from '../shared/events/event';
import type { JsonMap } from '../shared/events/json';
import type { OperationName } from './description';
import { readItem } from './item';
import { once } from './memory';
import { closeTalk } from './operations/closeTalk';
import { downloadAttachment } from './operations/downloadAttachment';
import { getMessages } from './operations/getMessages';
import { getUnanswered } from './operations/getUnanswered';
import { handOver } from './operations/handOver';
import type { Call, Operation, Result } from './operations/operation';
import { run } from './operations/run';
import { sendMessage } from './operations/sendMessage';
import { stop } from './operations/stop';
import { hasLeftAlone } from './outputs';
import { ItemParameters } from './parameters';

const OPERATIONS: Record<OperationName, Operation> = {
	getUnanswered,
	sendMessage,
	getMessages,
	downloadAttachment,
	closeTalk,
	handOver,
	run,
	stop,
};

/** The operations that can be done again for an item without harm */
const READING: readonly OperationName[] = ['getUnanswered', 'getMessages', 'downloadAttachment'];

/**
 * Does the operation for one item after the other, so that a customer gets messages in their order. Get
 * Unanswered Messages waits until customers are silent, so it handles all items at the same time.
 *
 * @throws NodeApiError, NodeOperationError, unless On Error lets the node continue
 */
export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const operation = context.getNodeParameter('operation', 0) as OperationName;
	const results: Result[] = [];
	const count = context.getInputData().length;
	if (operation === 'getUnanswered') {
		const waiting = Array.from({ length: count }, async (_, item) =>
			executeItem(context, operation, item),
		);
		await Promise.allSettled(waiting);
		results.push(...(await Promise.all(waiting)));
	} else {
		for (let item = 0; item < count; item++) {
			results.push(await executeItem(context, operation, item));
		}
	}
	return toOutputs(context, operation, results);
}

async function executeItem(
	context: IExecuteFunctions,
	operation: OperationName,
	item: number,
): Promise<Result> {
	try {
		return await once(context, item, async () =>
			OPERATIONS[operation](await prepare(context, operation, item)),
		);
	} catch (error) {
		if (context.continueOnFail()) {
			return { outcome: 'done', items: [{ json: { error: (error as Error).message } }] };
		}
		throw explain(context, operation, item, error);
	}
}

async function prepare(
	context: IExecuteFunctions,
	operation: OperationName,
	item: number,
): Promise<Call> {
	const isTool = isToolOf(context);
	const input = context.getInputData()[item]!;
	const json = isTool ? {} : (input.json as JsonMap);
	const api = await openApi(context);
	const parameters = new ItemParameters(
		context,
		item,
		operation,
		!isTool && Object.keys(json).length === 0 && !input.binary,
	);
	if (isForeign(json as KommoEvent, api.host)) {
		throw parameters.toError(
			`The item comes from another account than the credential, which is for ${api.subdomain}. Choose a credential for the account of the item.`,
		);
	}
	const secret = await readSecret(context);
	return { context, item, api, parameters, facts: readItem(json), isTool, secret };
}

/** A node that is used as a tool has a node type of its own in n8n. */
function isToolOf(context: IExecuteFunctions): boolean {
	return context.getNode().type.endsWith('Tool');
}

/** The part of the credential that only n8n and Kommo know, and that a renewal of the token does not change */
async function readSecret(context: IExecuteFunctions): Promise<string> {
	const isOAuth2 = context.getNodeParameter('authentication', 0) === 'oAuth2';
	const credential = await context.getCredentials<{ accessToken?: string; clientSecret?: string }>(
		isOAuth2 ? 'kommoPipelineOAuth2Api' : 'kommoPipelineAccessTokenApi',
	);
	return String(isOAuth2 ? credential.clientSecret : credential.accessToken);
}

/** A model gets only the first output, so a tool gives everything there. */
function toOutputs(
	context: IExecuteFunctions,
	operation: OperationName,
	results: Result[],
): INodeExecutionData[][] {
	const isTool = isToolOf(context);
	const done: INodeExecutionData[] = [];
	const leftAlone: INodeExecutionData[] = [];
	for (const [item, result] of results.entries()) {
		const pairedItem = { item };
		if (result.outcome === 'done') {
			done.push(...result.items.map((made) => ({ ...made, pairedItem })));
		} else if (isTool) {
			const json: IDataObject = { sent: false, reason: result.reason };
			done.push({ json, pairedItem });
		} else {
			const input = context.getInputData()[item]!;
			const json = { ...input.json, reason: result.reason };
			leftAlone.push({ ...input, json, pairedItem });
		}
	}
	const isDivided = !isTool && hasLeftAlone({ ...context.getNode().parameters, operation });
	return isDivided ? [done, leftAlone] : [done];
}

/** Tells the user that the items before this one are done: n8n would do them again. */
function explain(
	context: IExecuteFunctions,
	operation: OperationName,
	item: number,
	error: unknown,
): unknown {
	const failure = error instanceof KommoApiError ? toNodeError(context.getNode(), error) : error;
	if (!(failure instanceof NodeError)) return failure;
	failure.context.itemIndex = item;
	if (item > 0 && !READING.includes(operation)) {
		failure.description = `The node finished ${item} of ${context.getInputData().length} items before this one failed. Do not run those items again. To continue with the other items when one fails, set On Error in the settings of the node.`;
	}
	return failure;
}
