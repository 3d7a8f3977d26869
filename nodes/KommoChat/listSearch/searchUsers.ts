import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { readAll } from '../../shared/api/pages';
import { isMap } from '../../shared/events/json';
import { load } from '../../shared/listSearch/load';
import { search } from '../../shared/listSearch/search';

/** The account's active users */
export async function searchUsers(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const list = { path: 'users', key: 'users' };
	const users = await load(this, async (api, limits) => await readAll(api, list, limits));
	return search(
		users
			.filter(({ rights }) => !isMap(rights) || rights.is_active !== false)
			.map(({ id, name }) => ({ name: String(name), value: Number(id) })),
		filter,
	);
}
