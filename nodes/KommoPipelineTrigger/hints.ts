import type { NodeHint } from 'n8n-workflow';

import { EVENTS } from './events';

const toWarning = (message: string, displayCondition: string): NodeHint => ({
	message,
	displayCondition: `={{ ${displayCondition} }}`,
	type: 'warning',
	location: 'ndv',
});

const entitiesOf = Object.fromEntries(EVENTS.map(({ code, entities }) => [code, entities]));

/**
 * What n8n's panel of the node says while settings contradict each other. The conditions see the
 * parameters alone: not the webhook URL, nor the address that the editor is opened at.
 */
export const hints: NodeHint[] = [
	toWarning(
		'No event is selected, so the workflow never starts. Choose events in <b>Trigger On</b>, or set <b>Other Events</b> to Output.',
		"$parameter.events.length === 0 && $parameter.otherEvents === 'ignore'",
	),
	toWarning(
		'<b>Stage Changes Only</b> has nothing to filter, because <b>Trigger On</b> lacks Stage Changed. Select it there, or remove the filter.',
		"$parameter.filters.stageChangesOnly === true && !$parameter.events.includes('status')",
	),
	// An expression in a field is still its text here, of which nothing can be said.
	toWarning(
		'The filter <b>Entities</b> leaves out every event in <b>Trigger On</b>. Choose other events, or change the filter.',
		`((events, chosen) => Array.isArray(events) && events.length > 0 && Array.isArray(chosen) && chosen.length > 0 && !events.some((code) => (${JSON.stringify(entitiesOf)})[code]?.some((entity) => chosen.includes(entity))))($parameter.events, $parameter.filters.entities)`,
	),
];
