import fc from 'fast-check';
import { parse, stringify } from 'qs';

import { parseForm } from '../../nodes/shared/decoding/form';
import { MAX_DEPTH, type Tree } from '../../nodes/shared/decoding/tree';

describe('parseForm', () => {
	test('reads any tree written the PHP way back as the same tree', () => {
		const name = fc.stringMatching(/^[^[\]\0.\s\d-][^[\]\0]*$/).filter(isKept);
		const key = fc.oneof(name, fc.nat().map(String), fc.nat(3).map(String));
		const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
			tree: fc.oneof(
				{ maxDepth: 6 },
				fc.string({ unit: 'binary' }),
				fc
					.uniqueArray(fc.tuple(key, tie('tree')), {
						selector: ([own]) => own,
						minLength: 1,
						maxLength: 5,
					})
					.map((entries) => new Map(entries)),
				fc
					.array(tie('tree'), { minLength: 1, maxLength: 5 })
					.map((list) => new Map(list.map((value, index) => [String(index), value]))),
			),
		}));
		fc.assert(
			fc.property(
				name.map((own) => own.replace(/[ .]/g, '')),
				tree,
				(root, value) => {
					expect(parseForm(writeAsPhp(root, value))).toEqual(new Map([[root, value]]));
				},
			),
			{ numRuns: 1_000 },
		);
	});

	test('reads every tree that Kommo could send as qs does', () => {
		const name = fc.stringMatching(/^[A-Za-z]\w{0,11}$/).filter(isKept);
		const { fields } = fc.letrec<{ field: unknown; fields: object }>((tie) => ({
			field: fc.oneof(
				{ maxDepth: 5 },
				fc.string({ unit: 'binary' }),
				fc.array(tie('field'), { minLength: 1, maxLength: 4 }),
				fc.dictionary(fc.nat().map(String), tie('field'), { minKeys: 1, noNullPrototype: true }),
				tie('fields'),
			),
			fields: fc.dictionary(name, tie('field'), { minKeys: 1, maxKeys: 5, noNullPrototype: true }),
		}));
		const options = {
			depth: MAX_DEPTH,
			parameterLimit: Infinity,
			parseArrays: false,
			allowPrototypes: true,
		};
		fc.assert(
			fc.property(fields, (sent) => {
				const body = stringify({ leads: sent });
				expect(toObject(parseForm(body))).toEqual(parse(body, options));
			}),
			{ numRuns: 1_000 },
		);
	});

	test('reads any text without an error', () => {
		fc.assert(
			fc.property(fc.string({ unit: fc.constantFrom(...'[]=&%.+a0\0_ ') }), (body) => {
				parseForm(body);
			}),
			{ numRuns: 10_000 },
		);
	});
});

function isKept(key: string): boolean {
	return !['__proto__', 'constructor', 'prototype'].includes(key);
}

/** Maps and lists become objects, as in qs */
function toObject(tree: Tree): unknown {
	if (!(tree instanceof Map)) return tree;
	return Object.fromEntries([...tree].map(([key, child]) => [key, toObject(child)]));
}

/** What `http_build_query` writes: each leaf under the whole path to it, in order. */
function writeAsPhp(name: string, tree: Tree): string {
	if (!(tree instanceof Map)) return new URLSearchParams([[name, String(tree)]]).toString();
	return [...tree].map(([key, value]) => writeAsPhp(`${name}[${key}]`, value)).join('&');
}
