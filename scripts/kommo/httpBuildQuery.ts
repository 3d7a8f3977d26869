export type Field = string | number | Field[] | Fields;
export interface Fields {
	[name: string]: Field;
}

/**
 * A form as PHP's `http_build_query` writes it, and so Kommo: keys in brackets, and everything but letters,
 * digits and `-_.` as `%5B`, a space as `+`. Numbers are integers.
 */
export function httpBuildQuery(fields: Fields): string {
	const pairs = Object.entries(fields).flatMap(([name, field]) => flatten(name, field));
	return new URLSearchParams(pairs).toString().replaceAll('*', '%2A');
}

function flatten(name: string, field: Field): Array<[string, string]> {
	if (typeof field !== 'object') return [[name, String(field)]];
	return Object.entries(field).flatMap(([key, child]) => flatten(`${name}[${key}]`, child));
}
