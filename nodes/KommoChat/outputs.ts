import { callOf } from '../../credentials/expression';

/** The parameters that decide which outputs the node has */
interface OutputParameters {
	operation?: unknown;
	/** As the user has typed it, maybe an expression */
	onlyIfNewest?: unknown;
}

/** Whether items may be left alone. They then have their own output. */
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
 * The input of `hasLeftAlone` as n8n's code. It reads the raw parameter. To resolve an expression that reads
 * another node's item, n8n evaluates the outputs. If the outputs resolved such an expression too, the editor
 * would be busy for a minute whenever the panel opens (seen in n8n 2.41.1).
 */
const INPUT = '{ operation: $parameter.operation, onlyIfNewest: $rawParameter.onlyIfNewest }';

/** The node's outputs as an n8n expression */
export const outputsExpression: `={{${string}}}` = `={{ (${configuredOutputs.toString()})(${callOf(hasLeftAlone, INPUT)}, $parameter.operation) }}`;
