import { NodeOperationError, type ILoadOptionsFunctions } from 'n8n-workflow';

import { openApi, type KommoApi } from '../api/client';
import { now, type RetryLimits } from '../api/deadline';
import { SLOW } from '../api/problem';

/** How long the editor waits for a list, in ms */
const TIME_LIMIT = 10_000;

/**
 * Asks Kommo for the entries of a list.
 *
 * @throws NodeOperationError, which the editor shows in place of the list
 */
export async function load<T>(
	context: ILoadOptionsFunctions,
	ask: (api: KommoApi, limits: RetryLimits) => Promise<T>,
): Promise<T> {
	try {
		const limits = { deadline: now() + TIME_LIMIT, outOfTime: SLOW };
		return await ask(await openApi(context), limits);
	} catch (error) {
		throw new NodeOperationError(context.getNode(), error as Error);
	}
}
