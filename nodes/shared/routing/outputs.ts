import { NodeConnectionTypes, type INodeExecutionData } from 'n8n-workflow';

import type { KommoEvent } from '../event';

export type OutputMode = 'perEvent' | 'single';

const toOutput = (displayName: string) => ({ type: NodeConnectionTypes.Main, displayName });

const SINGLE = [toOutput('Events')];

/**
 * The node's outputs as an n8n expression. They depend on `outputMode` alone: a connection belongs to an
 * output's index, so an index that moved with another parameter would send events down the wrong branch.
 */
export function configuredOutputs(labels: readonly string[]): `={{${string}}}` {
	return `={{ $parameter.outputMode === 'single' ? ${JSON.stringify(SINGLE)} : ${JSON.stringify(labels.map(toOutput))} }}`;
}

/** The items of each output, in the order of the events. */
export function toOutputs(
	events: readonly KommoEvent[],
	mode: OutputMode,
	labels: readonly string[],
	labelOf: (event: KommoEvent) => string,
): INodeExecutionData[][] {
	if (mode === 'single') return [events.map((json) => ({ json }))];
	const outputs = labels.map((): INodeExecutionData[] => []);
	for (const event of events) outputs[labels.indexOf(labelOf(event))]!.push({ json: event });
	return outputs;
}
