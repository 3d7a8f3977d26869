import { isMap, type Json, type JsonMap } from '../events/json';

/** In characters */
const MAX_LENGTH = 300;

/**
 * Why Kommo refused a request, in its own words: those of
 * `{"validation-errors": [{"errors": [{"code", "path", "detail"}]}]}`, or else its `detail`. An empty string if
 * Kommo does not say.
 *
 * @param hide takes out what the user must not see, before the text is cut
 */
export function readReasons(body: Json | undefined, hide = (text: string) => text): string {
	const answer = isMap(body) ? body : {};
	const errors = listMaps(answer['validation-errors']).flatMap((group) => listMaps(group.errors));
	const reasons = errors.map(({ path, detail, code }) => join(': ', [path, detail ?? code]));
	const text = join('; ', reasons.length > 0 ? [...new Set(reasons)] : [answer.detail]);
	return hide(text.replace(/\.$/, '')).slice(0, MAX_LENGTH);
}

function join(separator: string, parts: ReadonlyArray<Json | undefined>): string {
	return parts.filter((part) => typeof part === 'string' && part !== '').join(separator);
}

function listMaps(list: Json | undefined): JsonMap[] {
	return Array.isArray(list) ? list.filter(isMap) : [];
}
