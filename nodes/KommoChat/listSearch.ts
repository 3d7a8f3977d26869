import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { readAll } from '../shared/api/pages';
import { load } from '../shared/listSearch/load';
import { search } from '../shared/listSearch/search';

/** The types of fields that take any text, https://developers.kommo.com/reference/custom-fields */
const TEXT_TYPES: readonly unknown[] = ['text', 'textarea'];

export async function searchSalesbots(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const bots = await load(
		this,
		async (api, limits) => await readAll(api, { path: 'bots', key: 'items' }, limits),
	);
	return search(
		bots.map(({ id, name }) => ({ name: String(name), value: Number(id) })),
		filter,
	);
}

/** The text fields of what the Salesbot runs for */
export async function searchTextFields(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const list = this.getCurrentNodeParameter('entityType') === 'contacts' ? 'contacts' : 'leads';
	const path = `${list}/custom_fields`;
	const fields = await load(
		this,
		async (api, limits) => await readAll(api, { path, key: 'custom_fields' }, limits),
	);
	return search(
		fields
			.filter(({ type }) => TEXT_TYPES.includes(type))
			.map(({ id, name }) => ({ name: String(name), value: Number(id) })),
		filter,
	);
}
