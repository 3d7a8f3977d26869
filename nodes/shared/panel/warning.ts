import type { NodeHint } from 'n8n-workflow';

import { callOf } from '../../../credentials/expression';
import { readStageRules } from '../routing/stageRules';

/**
 * A warning that the node's panel shows while settings contradict each other.
 *
 * @param isShown gets only the parameters. An expression in one of them arrives as its text.
 */
export function warning<Constants extends unknown[]>(
	message: string,
	isShown: (parameters: never, ...constants: Constants) => boolean,
	...constants: Constants
): NodeHint {
	return toHint(message, callOf(isShown, '$parameter', ...constants));
}

function toHint(message: string, condition: string): NodeHint {
	return { message, displayCondition: `={{ ${condition} }}`, type: 'warning', location: 'ndv' };
}

interface PanelParameters {
	events?: unknown;
}

export const neverStarts = ({ events }: PanelParameters) =>
	Array.isArray(events) && events.length === 0;

export const neverStartsWarning = warning(
	'No event is chosen, so the workflow never starts. Choose events in <b>Trigger On</b>.',
	neverStarts,
);

/** A warning about the stage rules. Its condition gets the rules as `readStageRules` reads them. */
function stageWarning<Constants extends unknown[]>(
	message: string,
	isShown: (
		parameters: PanelParameters & { rules: ReturnType<typeof readStageRules> },
		...constants: Constants
	) => boolean,
	...constants: Constants
): NodeHint {
	const rules = callOf(readStageRules, '$parameter.filters?.stages');
	const input = `{ events: $parameter.events, rules: ${rules} }`;
	return toHint(message, callOf(isShown, input, ...constants));
}

/**
 * The warnings about the stage rules
 *
 * @param name of the event that has a From Stage
 * @param codes the values of Trigger On that take this event
 */
export const stageWarnings = (name: string, codes: string[]): NodeHint[] => [
	stageWarning(
		`A stage rule has a <b>From Stage</b>, which only ${name} events have, and <b>Trigger On</b> lacks ${name}. Choose it there, or clear From Stage.`,
		({ events, rules }, takers: string[]) =>
			rules.some((rule) => rule !== undefined && rule.from !== '') &&
			Array.isArray(events) &&
			!takers.some((code) => events.includes(code)),
		codes,
	),
	stageWarning(
		'The trigger cannot read one of the stage rules, so this rule lets no event pass. Delete it under <b>Filters</b>, and add it again.',
		({ rules }) => rules.includes(undefined),
	),
];
