import { stringify } from 'qs';

/**
 * Writes a form as PHP's `http_build_query` writes it, and so Kommo: `leads%5Bstatus%5D%5B0%5D%5Bid%5D=7`, with
 * a space as `+`, and everything but letters, digits and `-_.` encoded. What is empty is left out.
 *
 * @param fields of strings, numbers, lists and objects
 */
export function httpBuildQuery(fields: object): string {
	return stringify(fields).replaceAll('%20', '+').replaceAll('~', '%7E');
}
