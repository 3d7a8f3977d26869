import {
	NodeOperationError,
	type ILoadOptionsFunctions,
	type INodeListSearchItems,
	type INodeListSearchResult,
	type INodeParameterResourceLocator,
} from 'n8n-workflow';

import { openApi } from './api/client';
import { listPipelines, type Pipeline } from './pipelines';

/** How long the editor waits for a list, in ms */
const PATIENCE = 10_000;

/** The account's pipelines that are in use, for a resource locator. */
export async function searchPipelines(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const pipelines = await loadPipelines(this);
	return search(
		pipelines.map(({ id, name }) => ({ name, value: id })),
		filter,
	);
}

/** The stages of the pipeline chosen in the same rule, or of all pipelines while none is. */
export async function searchStages(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const chosen = this.getCurrentNodeParameter('&pipeline') as
		INodeParameterResourceLocator | undefined;
	const pipelines = await loadPipelines(this);
	if (!chosen?.value) {
		const stages = pipelines.flatMap(({ name, stages }) =>
			stages.map((stage) => ({ name: `${name}: ${stage.name}`, value: stage.id })),
		);
		return search(stages, filter);
	}
	const pipeline = pipelines.find(({ id }) => String(id) === String(chosen.value));
	return search(
		(pipeline?.stages ?? []).map(({ id, name }) => ({ name, value: id })),
		filter,
	);
}

async function loadPipelines(context: ILoadOptionsFunctions): Promise<Pipeline[]> {
	try {
		const pipelines = await listPipelines(await openApi(context), Date.now() + PATIENCE);
		return pipelines.filter(({ isArchived }) => !isArchived);
	} catch (error) {
		throw new NodeOperationError(context.getNode(), error as Error);
	}
}

function search(results: INodeListSearchItems[], filter = ''): INodeListSearchResult {
	const wanted = filter.trim().toLowerCase();
	return { results: results.filter(({ name }) => name.toLowerCase().includes(wanted)) };
}
