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

/** The node's outputs as an n8n expression */
export const outputsExpression: `={{${string}}}` = `={{ (${configuredOutputs.toString()})(${callOf(hasLeftAlone, '$parameter')}, $parameter.operation) }}`;
