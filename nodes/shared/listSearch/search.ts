import type { INodeListSearchItems, INodeListSearchResult } from 'n8n-workflow';

/** The entries whose names contain the text that the user has typed */
export function search(results: INodeListSearchItems[], filter = ''): INodeListSearchResult {
	const wanted = filter.trim().toLowerCase();
	return { results: results.filter(({ name }) => name.toLowerCase().includes(wanted)) };
}
