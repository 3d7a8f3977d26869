import type { NodeHint } from 'n8n-workflow';

import { callOf } from './expression';

/**
 * What n8n's panel of the node says while settings contradict each other.
 *
 * @param isShown gets only the parameters; an expression in one of them arrives as its text
 */
export function warning<Constants extends unknown[]>(
	message: string,
	isShown: (parameters: never, ...constants: Constants) => boolean,
	...constants: Constants
): NodeHint {
	return {
		message,
		displayCondition: `={{ ${callOf(isShown, '$parameter', ...constants)} }}`,
		type: 'warning',
		location: 'ndv',
	};
}
