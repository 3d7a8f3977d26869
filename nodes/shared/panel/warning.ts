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
	outputMode?: unknown;
	filters?: unknown;
}

export const neverStarts = ({ events }: PanelParameters) =>
	Array.isArray(events) && events.length === 0;

export const neverStartsWarning = warning(
	'No event is chosen, so the workflow never starts. Choose events in <b>Trigger On</b>.',
	neverStarts,
);

export const hasSeveralOutputs = ({ events, outputMode }: PanelParameters) =>
	Array.isArray(events) && events.length > 1 && outputMode !== 'single';

/** n8n keeps a connection at the number of its output, whose event may be another one then. */
export const severalOutputs: NodeHint = {
	...warning(
		'Each event has its own output. When you remove one, those below it move up, but the connections stay where they are: check them.',
		hasSeveralOutputs,
	),
	type: 'info',
};

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
 * Whether a rule has a stage of another pipeline. The names tell, because the list writes a stage as
 * `Pipeline: Stage`. Closed stages (142, 143) are in every pipeline. What was not chosen from the list has no
 * name.
 */
export const hasForeignStage = ({ filters }: PanelParameters) => {
	type Named = { value?: unknown; cachedResultName?: unknown } | undefined;
	type Rules = Array<{ pipeline?: Named; from?: Named; to?: Named } | undefined>;
	const rules = (filters as { stages?: { rules?: Rules } } | undefined)?.stages?.rules;
	const nameOf = (locator: Named) => String(locator?.cachedResultName ?? '');
	return (
		Array.isArray(rules) &&
		rules.some((rule) => {
			const pipeline = nameOf(rule?.pipeline);
			const isForeign = (stage: Named) =>
				!['142', '143'].includes(String(stage?.value)) &&
				nameOf(stage).includes(': ') &&
				!nameOf(stage).startsWith(`${pipeline}: `);
			return pipeline !== '' && [rule?.from, rule?.to].some(isForeign);
		})
	);
};

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
		'The trigger cannot read one of the stage rules, or n8n has cleared a field of it because the credential changed. This rule lets no event pass. Choose its empty fields again under <b>Filters</b>, or delete it and add it again.',
		({ rules }) => rules.includes(undefined),
	),
	warning(
		'A stage rule has a stage of another pipeline, so it lets no event pass. Choose its <b>From Stage</b> and <b>To Stage</b> again.',
		hasForeignStage,
	),
];
