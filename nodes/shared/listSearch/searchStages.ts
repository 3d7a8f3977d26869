import type {
	ILoadOptionsFunctions,
	INodeListSearchResult,
	INodeParameterResourceLocator,
} from 'n8n-workflow';

import { loadPipelines } from './loadPipelines';
import { search } from './search';

/** Closed - won and Closed - lost are in every pipeline, which may call them otherwise. */
const CLOSED = [142, 143];

/**
 * The stages of the pipeline that is chosen in the same rule or in the node. Without one, the stages of all
 * pipelines.
 *
 * A name begins with the pipeline, so that a stage that stays when the user changes the pipeline says where
 * it belongs. Closed stages stay right, so they have none.
 */
export async function searchStages(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const chosen = (this.getCurrentNodeParameter('&pipeline') ??
		this.getCurrentNodeParameter('pipeline')) as INodeParameterResourceLocator | undefined;
	const pipelines = (await loadPipelines(this)).filter(
		({ id }) => !chosen?.value || String(id) === String(chosen.value),
	);
	const open = pipelines.flatMap(({ name, stages }) =>
		stages
			.filter(({ id }) => !CLOSED.includes(id))
			.map((stage) => ({ name: `${name}: ${stage.name}`, value: stage.id })),
	);
	const all = pipelines.flatMap(({ stages }) => stages);
	const closed = CLOSED.flatMap((value) => {
		const names = new Set(all.filter(({ id }) => id === value).map(({ name }) => name));
		return names.size > 0 ? [{ name: [...names].join(' / '), value }] : [];
	});
	return search([...open, ...closed], filter);
}
