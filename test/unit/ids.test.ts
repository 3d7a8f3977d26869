import fc from 'fast-check';

import { toNumberIfId } from '../../nodes/shared/decoding/ids';

describe('toNumberIfId', () => {
	test.each([
		['id', '4831596', 4831596],
		['status_id', '0', 0],
		['pipeline_id', '9007199254740991', Number.MAX_SAFE_INTEGER],
		['id', '-5', -5],
	])('makes %s "%s" a number', (name, sent, id) => {
		expect(toNumberIfId(name, sent)).toBe(id);
	});

	test.each([
		['price', '1000'],
		['text', '007'],
		['ID', '123'],
		['valid', '1'],
		['id', '007'],
		['id', ''],
		['id', ' 1'],
		['id', '1e3'],
		['id', '1.0'],
		['id', '-0'],
		['id', '9007199254740993'],
		['id', 'c0a8f5b2-0c0e-4b57-9d5a-2d0d1c9a7c11'],
	])('leaves %s "%s" as sent', (name, sent) => {
		expect(toNumberIfId(name, sent)).toBe(sent);
	});

	test('never changes what an id says', () => {
		fc.assert(
			fc.property(fc.oneof(fc.bigInt().map(String), fc.string()), (sent) => {
				expect(String(toNumberIfId('id', sent))).toBe(sent);
			}),
		);
	});
});
