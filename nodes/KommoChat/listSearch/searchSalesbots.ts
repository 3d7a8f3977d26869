import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { readAll } from '../../shared/api/pages';
import { load } from '../../shared/listSearch/load';
import { search } from '../../shared/listSearch/search';

export async function searchSalesbots(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const list = { path: 'bots', key: 'items' };
	const bots = await load(this, async (api, limits) => await readAll(api, list, limits));
	return search(
		bots.map(({ id, name }) => ({ name: String(name), value: Number(id) })),
		filter,
	);
}
