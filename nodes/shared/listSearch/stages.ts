import {
	NodeOperationError,
	type ILoadOptionsFunctions,
	type INodeListSearchItems,
	type INodeListSearchResult,
	type INodeParameterResourceLocator,
} from 'n8n-workflow';

import { openApi, type KommoApi } from '../api/client';
import { now, type RetryLimits } from '../api/deadline';
import { SLOW } from '../api/problem';
import { listPipelines, type Pipeline } from '../api/pipelines';

/** How long the editor waits for a list, in ms */
const TIME_LIMIT = 10_000;

/** The stages that exist in every pipeline */
const CLOSED = [
	{ name: 'Won (Any Pipeline)', value: 142 },
	{ name: 'Lost (Any Pipeline)', value: 143 },
];

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

async function loadPipelines(context: ILoadOptionsFunctions): Promise<Pipeline[]> {
	const pipelines = await load(context, listPipelines);
	return pipelines.filter(({ isArchived }) => !isArchived);
}

/**
 * What a list is made of.
 *
 * @throws NodeOperationError, which the editor shows in place of the list
 */
export async function load<T>(
	context: ILoadOptionsFunctions,
	ask: (api: KommoApi, limits: RetryLimits) => Promise<T>,
): Promise<T> {
	try {
		const limits = { deadline: now() + TIME_LIMIT, outOfTime: SLOW };
		return await ask(await openApi(context), limits);
	} catch (error) {
		throw new NodeOperationError(context.getNode(), error as Error);
	}
}

/** The list, without what does not have the text that the user has typed */
export function search(results: INodeListSearchItems[], filter = ''): INodeListSearchResult {
	const wanted = filter.trim().toLowerCase();
	return { results: results.filter(({ name }) => name.toLowerCase().includes(wanted)) };
}
