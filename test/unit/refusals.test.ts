import { commonRefusals, refusals } from '../../nodes/shared/api/refusals';
import type { Json } from '../../nodes/shared/events/json';

const HTML = '\n<!DOCTYPE html><h1>403</h1>';

test.each<[string, number, Json]>([
	['refused the request', 400, {}],
	['refused the access token', 401, {}],
	['quota', 402, {}],
	["does not let the credential's user", 403, {}],
	['found nothing', 404, {}],
	['unexpected answer', 418, {}],
	['refused the request', 422, {}],
	['too many', 429, {}],
	['API failed', 500, {}],
	['gave a page in place of an answer', 403, HTML],
	['gave a page in place of an answer', 200, HTML],
	['API failed', 502, HTML],
	["does not let the credential's user", 403, 'The plan < Advanced'],
])('says "%s" of a %i with the body %j, and what to do', (reason, status, body) => {
	const sentence = new RegExp(`^[^.]*(${reason})[^.]* \\(${status}\\)\\. [A-Z].{9,}\\.$`);
	expect(commonRefusals({ status, body })).toMatch(sentence);
});

test.each<[Json, string]>([
	[{ detail: 'Over v1.5 limit.' }, 'Over v1.5 limit'],
	[{ detail: 7, code: 'A' }, 'A'],
	[{ detail: 'x'.repeat(301) }, 'x'.repeat(300)],
	[
		{
			'validation-errors': [
				{ errors: [{ path: 'a', detail: 'x' }, { path: 'a', detail: 'x' }, { path: 'b' }, {}] },
				{ errors: [{ code: 'y' }] },
			],
		},
		'a: x; b; y',
	],
])("repeats Kommo's reason %j as %s", (body, reason) => {
	const describe = refusals({ 400: ['Refused', 'Wait.'] });
	expect(describe({ status: 400, body })).toBe(`Refused (400): ${reason}. Wait.`);
});
