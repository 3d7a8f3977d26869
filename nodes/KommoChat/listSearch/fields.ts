import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { readAll } from '../../shared/api/pages';
import { load } from '../../shared/listSearch/load';
import { search } from '../../shared/listSearch/search';

/** @param types of https://developers.kommo.com/reference/custom-fields */
async function searchFields(
	context: ILoadOptionsFunctions,
	entities: 'leads' | 'contacts',
	types: readonly unknown[],
	filter: string | undefined,
): Promise<INodeListSearchResult> {
	const list = { path: `${entities}/custom_fields`, key: 'custom_fields' };
	const fields = await load(context, async (api, limits) => await readAll(api, list, limits));
	return search(
		fields
			.filter(({ type }) => types.includes(type))
			.map(({ id, name }) => ({ name: String(name), value: Number(id) })),
		filter,
	);
}

/** The text fields of the record for which the Salesbot runs: a lead or a contact */
export async function searchTextFields(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const isOfContacts = this.getCurrentNodeParameter('entityType') === 'contacts';
	return await searchFields(
		this,
		isOfContacts ? 'contacts' : 'leads',
		['text', 'textarea'],
		filter,
	);
}

/** The checkbox fields of leads */
export async function searchCheckboxFields(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	return await searchFields(this, 'leads', ['checkbox'], filter);
}
