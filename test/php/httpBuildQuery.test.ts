import { execFileSync } from 'node:child_process';

import fc from 'fast-check';

import { httpBuildQuery, type Fields } from '../../scripts/kommo/httpBuildQuery';

const PHP = `while (($line = fgets(STDIN)) !== false) {
	echo http_build_query(json_decode($line, true)), "\\n";
}`;

test('httpBuildQuery writes what PHP writes', () => {
	const leaf = fc.oneof(fc.nat(), fc.string({ unit: 'grapheme' }));
	const name = fc.oneof(fc.stringMatching(/^\w+$/), fc.string({ unit: 'grapheme', minLength: 1 }));
	const { tree } = fc.letrec<{ tree: object; field: unknown }>((tie) => ({
		tree: fc.dictionary(name, tie('field'), { maxKeys: 5, noNullPrototype: true }),
		field: fc.oneof({ maxDepth: 5 }, leaf, fc.array(tie('field'), { maxLength: 4 }), tie('tree')),
	}));
	const trees = fc.sample(tree, 5_000) as Fields[];
	const input = trees.map((fields) => `${JSON.stringify(fields)}\n`).join('');
	const written = execFileSync('php', ['-r', PHP], { input, maxBuffer: 2 ** 30 });
	expect(trees.map(httpBuildQuery)).toEqual(String(written).split('\n').slice(0, -1));
});
