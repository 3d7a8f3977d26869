import type { INodeExecutionData } from 'n8n-workflow';

import type { KommoEvent } from '../events/event';
import { callOf } from '../../../credentials/expression';
import type { EventRow } from '../events/eventTable';

/** The parameters that decide which outputs the node has */
export interface OutputParameters {
	/** The chosen codes, in the order of choosing */
	events: readonly string[];
	outputMode: 'perEvent' | 'single';
}

type Labels = Record<string, string>;

/**
 * The node's outputs. A connection belongs to an output's index. A node without a chosen event keeps one
 * output, so that the connection survives when the only event is replaced.
 */
export const configuredOutputs = ({ events, outputMode }: OutputParameters, labels: Labels) =>
	outputMode === 'single' || !Array.isArray(events) || events.length === 0
		? [{ type: 'main', displayName: 'Events' }]
		: events.map((code: string) => ({ type: 'main', displayName: labels[code] ?? code }));

/** The outputs as an n8n expression. */
export function outputsExpression(rows: readonly EventRow[]): `={{${string}}}` {
	const labels = Object.fromEntries(rows.map(({ code, output }) => [code, output]));
	return `={{ ${callOf(configuredOutputs, '$parameter', labels)} }}`;
}

/**
 * The items of each output, in the order of the events.
 *
 * @param takerOf the chosen code that takes the event
 */
export function toOutputs(
	events: readonly KommoEvent[],
	parameters: OutputParameters,
	takerOf: (event: KommoEvent) => string | undefined,
): INodeExecutionData[][] {
	const outputs = configuredOutputs(parameters, {}).map((): INodeExecutionData[] => []);
	for (const event of events) {
		const index =
			parameters.outputMode === 'single' ? 0 : parameters.events.indexOf(takerOf(event) ?? '');
		outputs[index]?.push({ json: event });
	}
	return outputs;
}
