import { callOf } from '../../credentials/expression';

/** What of the node's parameters decides about its outputs */
interface OutputParameters {
	operation?: unknown;
	/** As the user has typed it, maybe an expression */
	onlyIfNewest?: unknown;
}

/** Whether items may be left alone, and then have an output of their own */
export const hasLeftAlone = ({ operation, onlyIfNewest }: OutputParameters) =>
	operation === 'getUnanswered' || (operation === 'sendMessage' && Boolean(onlyIfNewest));

const configuredOutputs = (isDivided: boolean, operation: unknown) => {
	const done = operation === 'getUnanswered' ? 'To Answer' : 'Sent';
	return isDivided
		? [
				{ type: 'main', displayName: done },
				{ type: 'main', displayName: 'Left Alone' },
			]
		: [{ type: 'main' }];
};

/**
 * What decides, as n8n's code. To resolve an expression that asks for another node's item, n8n evaluates the outputs:
 * if these resolved one in their turn, its editor would be busy for a minute whenever the panel opens (seen in 2.41.1).
 */
const INPUT = '{ operation: $parameter.operation, onlyIfNewest: $rawParameter.onlyIfNewest }';

/** The node's outputs as an n8n expression */
export const outputsExpression: `={{${string}}}` = `={{ (${configuredOutputs.toString()})(${callOf(hasLeftAlone, INPUT)}, $parameter.operation) }}`;
