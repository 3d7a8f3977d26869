import fc from 'fast-check';

import { parseForm } from '../../nodes/shared/decoding/form';
import { toJson, type Tree } from '../../nodes/shared/decoding/tree';
import { httpBuildQuery, type Fields } from '../../scripts/kommo/httpBuildQuery';
import { readWire } from '../support/wire';

describe('httpBuildQuery', () => {
	test.each(['status', 'mail_in', 'account-status'])('writes %s as Kommo wrote it', (name) => {
		const body = readWire(name);
		expect(httpBuildQuery(toJson(parseForm(body)) as Fields)).toBe(body);
	});

	test('leaves letters, digits and -_. as they are, and a space becomes a plus', () => {
		const ascii = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join(
			'',
		);
		expect(httpBuildQuery({ 'a~b': `${ascii}é` })).toBe(
			'a%7Eb=+%21%22%23%24%25%26%27%28%29%2A%2B%2C-.%2F0123456789%3A%3B%3C%3D%3E%3F' +
				'%40ABCDEFGHIJKLMNOPQRSTUVWXYZ%5B%5C%5D%5E_%60abcdefghijklmnopqrstuvwxyz%7B%7C%7D%7E%C3%A9',
		);
	});

	test('writes nothing for what is empty', () => {
		expect(httpBuildQuery({ leads: { status: [] }, customers: {}, a: '' })).toBe('a=');
	});

	test('writes trees that the trigger reads again', () => {
		const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_ -]*$/).map((text) => `x${text.trim()}`);
		const text = fc.string({ unit: 'grapheme' });
		const { tree } = fc.letrec<{ tree: object; field: unknown }>((tie) => ({
			tree: fc.dictionary(name, tie('field'), { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
			field: fc.oneof(
				{ maxDepth: 5 },
				text,
				fc.array(tie('field'), { minLength: 1, maxLength: 3 }),
				tie('tree'),
			),
		}));
		fc.assert(
			fc.property(tree, (fields) => {
				const written = httpBuildQuery({ leads: fields } as Fields);
				const read = (parseForm(written) as Map<string, Tree>).get('leads');
				expect(toPlain(read!)).toEqual(fields);
			}),
		);
	});
});

/** Lists as lists, and every leaf as the text that it is in the form */
function toPlain(tree: Tree): unknown {
	if (!(tree instanceof Map)) return tree;
	const keys = [...tree.keys()];
	return keys.every((key, index) => key === String(index))
		? [...tree.values()].map(toPlain)
		: Object.fromEntries([...tree].map(([key, value]) => [key, toPlain(value)]));
}
