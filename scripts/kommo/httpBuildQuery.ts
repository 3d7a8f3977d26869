import { stringify } from 'qs';

/**
 * Writes a form as PHP's `http_build_query` and Kommo do: `leads%5Bstatus%5D%5B0%5D%5Bid%5D=7`. A space
 * becomes `+`. Everything but letters, digits and `-_.` is encoded. Empty lists and objects are left out.
 *
 * @param fields of strings, numbers, lists and objects
 */
export function httpBuildQuery(fields: object): string {
	return stringify(fields).replaceAll('%20', '+').replaceAll('~', '%7E');
}
