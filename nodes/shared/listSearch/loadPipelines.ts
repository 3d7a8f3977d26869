import type { ILoadOptionsFunctions } from 'n8n-workflow';

import { listPipelines, type Pipeline } from '../api/pipelines';
import { load } from './load';

/** The account's pipelines that are in use */
export async function loadPipelines(context: ILoadOptionsFunctions): Promise<Pipeline[]> {
	const pipelines = await load(context, listPipelines);
	return pipelines.filter(({ isArchived }) => !isArchived);
}
