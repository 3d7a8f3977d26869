import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { loadPipelines } from './loadPipelines';
import { search } from './search';

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
