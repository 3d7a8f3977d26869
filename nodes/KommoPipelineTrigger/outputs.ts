import { NodeConnectionTypes, type INodeExecutionData } from 'n8n-workflow';

import { ofNodeVersion, outputOf, outputsOf } from './catalogue';
import type { KommoEvent } from './events';

export type OutputMode = 'perEvent' | 'single';

const toOutput = (displayName: string) => ({ type: NodeConnectionTypes.Main, displayName });

const SINGLE = [toOutput('Events')];

/**
 * The node's outputs as an n8n expression. They depend on `outputMode` and the node's version alone: a
 * connection belongs to an output's index, so an index that moved with another parameter would send
 * events down the wrong branch.
 */
export const configuredOutputs =
	`={{ $parameter.outputMode === 'single' ? ${JSON.stringify(SINGLE)} : ${ofNodeVersion((version) => outputsOf(version).map(toOutput))} }}` as const;

/** The items of each output of that version of the node, in the order of the events. */
export function toOutputs(
	events: readonly KommoEvent[],
	mode: OutputMode,
	version: number,
): INodeExecutionData[][] {
	if (mode === 'single') return [events.map((json) => ({ json }))];
	const labels = outputsOf(version);
	const outputs = labels.map((): INodeExecutionData[] => []);
	for (const event of events) {
		outputs[labels.indexOf(outputOf(event, version))]!.push({ json: event });
	}
	return outputs;
}
