import crypto from 'node:crypto';

import fc from 'fast-check';

import { findTokenProblem } from '../../credentials/webhookToken';
import { isTokenValid } from '../../nodes/shared/receiving/token';

const TOKEN = 'abcdefghijklmnop';

describe('isTokenValid', () => {
	test('accepts the right token', () => {
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

	test('compares digests of one length in constant time, however much of the token is right', () => {
		const compare = jest.spyOn(crypto, 'timingSafeEqual');
		const guesses = ['################', 'abcdefgh########', 'abcdefghijklmno#', 'abcd', TOKEN];
		for (const given of guesses) isTokenValid(given, TOKEN);
		expect(compare.mock.calls).toEqual(guesses.map((given) => [sha256(given), sha256(TOKEN)]));
	});

	test('tells any two texts apart', () => {
		fc.assert(
			fc.property(fc.string(), fc.string({ minLength: 1 }), (given, token) => {
				expect(isTokenValid(given, token)).toBe(given === token);
			}),
		);
	});
});

describe('findTokenProblem', () => {
	test('finds none in a token of 16 characters', () => {
		expect(findTokenProblem('abcdefghijklmnop')).toBeUndefined();
	});

	test('says how long a shorter one must be, but not what it is', () => {
		const problem = findTokenProblem('abcdefghijklmno');
		expect(problem).toContain('at least 16');
		expect(problem).not.toContain('abcdefghijklmno');
	});
});

function sha256(text: string): Buffer {
	return crypto.createHash('sha256').update(text).digest();
}
