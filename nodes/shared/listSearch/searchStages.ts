import type {
	ILoadOptionsFunctions,
	INodeListSearchResult,
	INodeParameterResourceLocator,
} from 'n8n-workflow';

import { loadPipelines } from './loadPipelines';
import { search } from './search';

/** The stages that exist in every pipeline */
const CLOSED = [
	{ name: 'Won (Any Pipeline)', value: 142 },
	{ name: 'Lost (Any Pipeline)', value: 143 },
];

/**
 * The stages of the pipeline that is chosen in the same rule or in the node. Without one, the stages of all
 * pipelines.
 */
export async function searchStages(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const chosen = (this.getCurrentNodeParameter('&pipeline') ??
		this.getCurrentNodeParameter('pipeline')) as INodeParameterResourceLocator | undefined;
	const pipelines = await loadPipelines(this);
	if (!chosen?.value) {
		const stages = pipelines.flatMap(({ name, stages }) =>
			stages
				.filter(({ id }) => !CLOSED.some(({ value }) => value === id))
				.map((stage) => ({ name: `${name}: ${stage.name}`, value: stage.id })),
		);
		return search([...stages, ...CLOSED], filter);
	}
	const pipeline = pipelines.find(({ id }) => String(id) === String(chosen.value));
	return search(
		(pipeline?.stages ?? []).map(({ id, name }) => ({ name, value: id })),
		filter,
	);
}
