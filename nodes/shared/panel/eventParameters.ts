import type { INodeProperties } from 'n8n-workflow';

import type { EventRow } from '../events/eventTable';
import { callOf } from '../../../credentials/expression';

/** "Trigger On" and "Output Mode". The outputs depend on both, so neither takes an expression. */
export function eventParameters(
	rows: readonly EventRow[],
	defaultCodes: readonly string[],
): INodeProperties[] {
	return [
		{
			displayName: 'Trigger On',
			name: 'events',
			type: 'multiOptions',
			noDataExpression: true,
			options: rows.map(({ code, name, description }) => ({ name, value: code, description })),
			default: [...defaultCodes],
			description:
				'The events that start the workflow. Each gets an output, in the order of choosing.',
		},
		{
			displayName: 'Output Mode',
			name: 'outputMode',
			type: 'options',
			noDataExpression: true,
			options: [
				{
					name: 'One Output per Event',
					value: 'perEvent',
					description: 'Each kind of event leaves the node on its own output',
				},
				{
					name: 'Single Output',
					value: 'single',
					description:
						'All events leave the node on one output, in the order in which Kommo sent them',
				},
			],
			default: 'perEvent',
			description:
				'How events leave the node. When you change it to Single Output, n8n deletes the connections of all outputs but the first.',
		},
	];
}

/** What the canvas shows below the node's name */
export const describeEvents = (
	{ events }: { events?: unknown },
	names: Record<string, string>,
	all?: { codes: readonly string[]; name: string },
) => {
	const codes: string[] = Array.isArray(events) ? events : [];
	if (codes.length === 0) return 'No Events';
	if (all && codes.length === all.codes.length && all.codes.every((code) => codes.includes(code))) {
		return all.name;
	}
	return codes.length > 2
		? `${codes.length} Events`
		: codes.map((code) => names[code] ?? code).join(', ');
};

/**
 * The subtitle as an n8n expression.
 *
 * @param all what to show when exactly these codes are chosen
 */
export function subtitle(
	rows: readonly EventRow[],
	all?: { codes: readonly string[]; name: string },
): string {
	const names = Object.fromEntries(rows.map(({ code, name }) => [code, name]));
	return `={{ ${callOf(describeEvents, '$parameter', names, ...(all ? [all] : []))} }}`;
}
