import type { NodeHint } from 'n8n-workflow';

import { callOf } from '../../../credentials/expression';

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

interface Parameters {
	events?: unknown;
	filters?: { stages?: { rules?: Array<{ from?: string | { value?: unknown } }> } };
}

export const neverStarts = ({ events }: Parameters) => Array.isArray(events) && events.length === 0;

export const hasUselessFromStage = ({ events, filters }: Parameters, codes: string[]) =>
	(filters?.stages?.rules ?? []).some(({ from }) =>
		Boolean(typeof from === 'object' ? from.value : from),
	) &&
	Array.isArray(events) &&
	!codes.some((code) => events.includes(code));

export const neverStartsWarning = warning(
	'No event is chosen, so the workflow never starts. Choose events in <b>Trigger On</b>.',
	neverStarts,
);

/**
 * @param name of the event that has a From Stage
 * @param codes that take it
 */
export function uselessFromStageWarning(name: string, codes: string[]): NodeHint {
	return warning(
		`A stage rule has a <b>From Stage</b>, which only ${name} events have, and <b>Trigger On</b> lacks ${name}. Choose it there, or clear From Stage.`,
		hasUselessFromStage,
		codes,
	);
}
