import type { RetryLimits } from './deadline';
import type { KommoApi } from './client';
import { readAll } from './pages';
import { isMap, listMaps } from '../events/json';

/** A pipeline of leads with its stages, which Kommo's API calls statuses */
export interface Pipeline {
	id: number;
	name: string;
	isArchived: boolean;
	stages: Array<{ id: number; name: string }>;
}

/** `GET /api/v4/leads/pipelines`, https://developers.kommo.com/reference/pipelines-list */
export async function listPipelines(api: KommoApi, limits: RetryLimits): Promise<Pipeline[]> {
	const pipelines = await readAll(api, { path: 'leads/pipelines', key: 'pipelines' }, limits);
	return pipelines.map(({ id, name, is_archive, _embedded }) => ({
		id: Number(id),
		name: String(name),
		isArchived: is_archive === true,
		stages: listMaps(isMap(_embedded) ? _embedded.statuses : []).map((stage) => ({
			id: Number(stage.id),
			name: String(stage.name),
		})),
	}));
}
