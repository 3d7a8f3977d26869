import type { INodeProperties } from 'n8n-workflow';

import { requiredAccess } from '../shared/panel/access';
import { asWritten, makeFilters, makeOptions } from '../shared/panel/collections';
import { enrichWith } from '../shared/panel/enrichmentOptions';
import { eventParameters } from '../shared/panel/eventParameters';
import { stageFilter } from '../shared/panel/stageFilter';
import { CHOICES, type EventCode } from './events';

const DEFAULT_EVENT: EventCode = 'lead_status_changed';

/** How late an event may show up, in minutes */
export const LOOK_BACK = { min: 5, max: 60 };

const filters = makeFilters(stageFilter);

const options = makeOptions(
	enrichWith(),
	{
		displayName: 'Look Back (Minutes)',
		name: 'lookBack',
		type: 'number',
		typeOptions: { minValue: LOOK_BACK.min, maxValue: LOOK_BACK.max },
		default: 5,
		description:
			'How late an event may show up in Kommo and still start the workflow. Some integrations log a call when it ends, with the time when it began.',
	},
	{
		displayName: 'Start From Now',
		name: 'startFromNow',
		type: 'boolean',
		default: true,
		description:
			"Whether to leave out what happened while the workflow was unpublished. Without this option, these events come when you publish the workflow again. What happened while n8n was away always comes. With n8n's durable scheduler this option has no effect.",
	},
);

/** The node's parameters, in the order in which n8n's panel shows them. */
export const properties: INodeProperties[] = [
	...requiredAccess(
		'Lets the trigger read the list of events in Kommo. Every user may do that, on every plan. The trigger gets the events of records that the user may see.',
	),
	...eventParameters(CHOICES, [DEFAULT_EVENT]),
	filters,
	asWritten(filters),
	options,
];
