import type { INodeProperties } from 'n8n-workflow';

import { requiredAccess } from '../shared/panel/access';
import { asWritten, makeFilters, makeOptions } from '../shared/panel/collections';
import { enrichmentOptions, WITHOUT_MESSAGE } from '../shared/panel/enrichmentOptions';
import { eventParameters } from '../shared/panel/eventParameters';
import { includeRawBody } from '../shared/panel/rawBody';
import { stageFilter } from '../shared/panel/stageFilter';
import { CHOICES, type EventCode } from './events';

const DEFAULT_EVENT: EventCode = 'add_message';

const filters = makeFilters(stageFilter);

const options = makeOptions(
	{
		displayName: 'Additional Events',
		name: 'additionalEvents',
		type: 'string',
		default: '',
		placeholder: 'e.g. add_invoice, update_invoice',
		description:
			'Codes of further events to receive, separated by commas, such as events that are newer than this trigger. They leave on the output Other: choose Other Events in Trigger On.',
	},
	...enrichmentOptions(WITHOUT_MESSAGE),
	includeRawBody,
);

/** The node's parameters, in the order in which n8n's panel shows them. */
export const properties: INodeProperties[] = [
	...requiredAccess(
		'Lets the trigger register itself in Kommo. The credential must belong to an administrator, and the plan of the account must be Advanced or higher.',
	),
	...eventParameters(CHOICES, [DEFAULT_EVENT]),
	filters,
	asWritten(filters),
	options,
];
