import type { NodeApiError, NodeOperationError } from 'n8n-workflow';

/** The error that the work fails with */
export async function failureOf<E extends Error = NodeApiError | NodeOperationError>(
	work: Promise<unknown>,
): Promise<E> {
	return await work.then(
		() => {
			throw new Error('It did not fail');
		},
		(error: E) => error,
	);
}
