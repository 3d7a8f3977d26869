import {
	NodeError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';

import { openApi } from '../shared/api/client';
import { toNodeError } from '../shared/api/nodeError';
import { KommoApiError } from '../shared/api/problem';
import type { OperationName } from './description';
import { once } from './memory';
import { getMessages } from './operations/getMessages';
import type { Operation } from './operations/operation';
import { runSalesbot } from './operations/runSalesbot';
import { sendMessage } from './operations/sendMessage';
import { ItemParameters } from './parameters';

const OPERATIONS: Record<OperationName, Operation> = { sendMessage, runSalesbot, getMessages };

/**
 * Does the operation for one item after the other, so that a customer gets messages in their order.
 *
 * @throws NodeApiError, NodeOperationError, unless the node is to continue when it fails
 */
export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const results: INodeExecutionData[] = [];
	for (let item = 0; item < context.getInputData().length; item++) {
		for (const json of await executeItem(context, item)) {
			results.push({ json, pairedItem: { item } });
		}
	}
	return [results];
}

async function executeItem(context: IExecuteFunctions, item: number): Promise<IDataObject[]> {
	try {
		const operation = context.getNodeParameter('operation', item) as OperationName;
		const parameters = new ItemParameters(context, item);
		return await once(
			context,
			item,
			async () => await OPERATIONS[operation](await openApi(context), parameters),
		);
	} catch (error) {
		if (context.continueOnFail()) return [{ error: (error as Error).message }];
		throw explain(context, item, error);
	}
}

/** Those before the item are done, and n8n would do them again with it. */
function explain(context: IExecuteFunctions, item: number, error: unknown): unknown {
	const failure = error instanceof KommoApiError ? toNodeError(context.getNode(), error) : error;
	if (!(failure instanceof NodeError)) return failure;
	failure.context.itemIndex = item;
	if (item > 0 && context.getNodeParameter('operation', item) !== 'getMessages') {
		failure.description = `Done for ${item} of ${context.getInputData().length} items before this one failed. Do not run the node for them again. To go on with the others when one fails, set On Error in the settings of the node.`;
	}
	return failure;
}
