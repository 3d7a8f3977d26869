import fc from 'fast-check';
import { parse } from 'qs';

import { readEvents } from '../../nodes/shared/decoding/payload';
import { httpBuildQuery } from '../../scripts/kommo/httpBuildQuery';
import { readWire } from '../support/wire';

describe('httpBuildQuery', () => {
	test.each(['status', 'mail_in', 'account-status'])('writes %s as Kommo wrote it', (name) => {
		const body = readWire(name);
		expect(httpBuildQuery(parse(body, { depth: 10 }))).toBe(body);
	});

	test('leaves letters, digits and -_. as they are, and writes a space as a plus', () => {
		const ascii = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join(
			'',
		);
		expect(httpBuildQuery({ 'a~b': `${ascii}é` })).toBe(
			'a%7Eb=+%21%22%23%24%25%26%27%28%29%2A%2B%2C-.%2F0123456789%3A%3B%3C%3D%3E%3F' +
				'%40ABCDEFGHIJKLMNOPQRSTUVWXYZ%5B%5C%5D%5E_%60abcdefghijklmnopqrstuvwxyz%7B%7C%7D%7E%C3%A9',
		);
	});

	test('writes nothing for an empty list or object', () => {
		expect(httpBuildQuery({ leads: { status: [] }, customers: {}, a: '' })).toBe('a=');
	});

	test('writes records that the trigger reads again', () => {
		const name = fc.stringMatching(/^[A-Za-z_ -]*$/).map((text) => `x${text}x`);
		const { record } = fc.letrec<{ record: object; field: unknown }>((tie) => ({
			record: fc.dictionary(name, tie('field'), { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
			field: fc.oneof(
				{ maxDepth: 5 },
				fc.string({ unit: 'grapheme' }),
				fc.array(tie('field'), { minLength: 1, maxLength: 3 }),
				tie('record'),
			),
		}));
		fc.assert(
			fc.property(fc.array(record, { minLength: 1, maxLength: 3 }), (records) => {
				expect(readEvents(httpBuildQuery({ leads: { chat: records } }))).toEqual(
					records.map((fields) => ({ event: 'chat', entity: 'leads', ...fields })),
				);
			}),
		);
	});
});
