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
	toWarning(
		'None of the events in <b>Trigger On</b> is of an entity that the filter <b>Entities</b> lets pass. Choose other events, or change the filter.',
		`((chosen) => chosen.length > 0 && $parameter.events.length > 0 && !$parameter.events.some((code) => (${JSON.stringify(entitiesOf)})[code].some((entity) => chosen.includes(entity))))($parameter.filters.entities ?? [])`,
	),
];
