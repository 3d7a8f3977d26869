import { NodeConnectionTypes, type INodeExecutionData } from 'n8n-workflow';

import { EVENTS, OTHER_OUTPUT, outputIndexOf, type KommoEvent } from './events';

export type OutputMode = 'perEvent' | 'single';

const toOutput = (displayName: string) => ({ type: NodeConnectionTypes.Main, displayName });

const PER_EVENT = [...EVENTS.map(({ output }) => output), OTHER_OUTPUT].map(toOutput);
const SINGLE = [toOutput('Events')];

/**
 * The node's outputs as an n8n expression. They depend on `outputMode` alone: a wire belongs to an
 * output's index, so an index that moved with another parameter would send events down the wrong branch.
 */
export const configuredOutputs =
	`={{ $parameter.outputMode === 'single' ? ${JSON.stringify(SINGLE)} : ${JSON.stringify(PER_EVENT)} }}` as const;

/** The items of each output, in the order of the events. */
export function toOutputs(events: readonly KommoEvent[], mode: OutputMode): INodeExecutionData[][] {
	if (mode === 'single') return [events.map((json) => ({ json }))];
	const outputs = PER_EVENT.map((): INodeExecutionData[] => []);
	for (const event of events) outputs[outputIndexOf(event)]!.push({ json: event });
	return outputs;
}
