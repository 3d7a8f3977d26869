import fc from 'fast-check';

import { isTokenValid } from '../../nodes/KommoPipelineTrigger/verification';

const TOKEN = 'abcdefghijklmnop';

describe('isTokenValid', () => {
	test('takes the token itself', () => {
		expect(isTokenValid(TOKEN, TOKEN)).toBe(true);
		expect(isTokenValid('ключ-от-вебхука-№1', 'ключ-от-вебхука-№1')).toBe(true);
	});

	test.each([
		['none', undefined],
		['an empty one', ''],
		['a shorter one', TOKEN.slice(1)],
		['a longer one', `${TOKEN}q`],
		['one in upper case', TOKEN.toUpperCase()],
		['two', [TOKEN, TOKEN]],
		['a nested one', { token: TOKEN }],
	])('refuses %s', (_, given) => {
		expect(isTokenValid(given, TOKEN)).toBe(false);
	});

	test('refuses everything while the credential is empty', () => {
		expect(isTokenValid('', '')).toBe(false);
		expect(isTokenValid(undefined, '')).toBe(false);
	});

	test('tells any two texts apart', () => {
		fc.assert(
			fc.property(fc.string(), fc.string({ minLength: 1 }), (given, token) => {
				expect(isTokenValid(given, token)).toBe(given === token);
			}),
		);
	});
});
