import { execFileSync } from 'node:child_process';

import fc from 'fast-check';

import { httpBuildQuery } from '../../scripts/kommo/httpBuildQuery';

const PHP = `while (($line = fgets(STDIN)) !== false) {
	echo http_build_query(json_decode($line, true)), "\\n";
}`;

test('httpBuildQuery writes what PHP writes', () => {
	const text = fc.string({ unit: 'grapheme' });
	const leaf = fc.oneof(fc.integer(), text, fc.string({ unit: 'binary-ascii' }));
	const name = fc.oneof(fc.stringMatching(/^\w+$/), fc.string({ unit: 'grapheme', minLength: 1 }));
	const { tree } = fc.letrec<{ tree: object; field: unknown }>((tie) => ({
		tree: fc.dictionary(name, tie('field'), { maxKeys: 5, noNullPrototype: true }),
		field: fc.oneof({ maxDepth: 5 }, leaf, fc.array(tie('field'), { maxLength: 4 }), tie('tree')),
	}));
	const trees = fc.sample(tree, 5_000);
	const input = trees.map((fields) => `${JSON.stringify(fields)}\n`).join('');
	const written = execFileSync('php', ['-r', PHP], { input, maxBuffer: 2 ** 30 });
	expect(trees.map((fields) => httpBuildQuery(fields))).toEqual(
		String(written).split('\n').slice(0, -1),
	);
});
