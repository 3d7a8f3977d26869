#!/usr/bin/env bash
# A workflow's JSON is often written by a program or a language model. One would guess that n8n
# reports a parameter that is not in the node's description. Of a list of rules (fixedCollection),
# it drops an unknown field, and a list under another name, in silence; a text in place of the list
# becomes one rule of defaults; a single rule in place of the list throws.
# Here: Stages is such a list. A field that is dropped before the trigger sees it cannot be refused:
# its rule then means any stage.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --prefix "$dir" --ignore-scripts --no-audit --no-fund --loglevel=error \
	n8n-workflow@2.41.0

cat > look.cjs <<'JS'
const assert = require('node:assert/strict');
const { NodeHelpers } = require('n8n-workflow');
console.log(`n8n-workflow ${require('n8n-workflow/package.json').version}`);

const text = (name, value) => ({ displayName: name, name, type: 'string', default: value });
const values = [text('pipeline', ''), text('stage', 'any')];
const stages = {
	displayName: 'Stages',
	name: 'stages',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	default: {},
	options: [{ displayName: 'Rule', name: 'rule', values }],
};
function read(given) {
	let read;
	try {
		read = NodeHelpers.getNodeParameters([stages], { stages: given }, true, false, null, null);
	} catch ({ message }) {
		read = { stages: `throws ${message}` };
	}
	console.log(`${JSON.stringify(given)}\n  -> ${JSON.stringify(read.stages)}`);
	return read.stages;
}

assert.deepEqual(read({ rule: [{ pipeline: '1', stage: '2' }] }), {
	rule: [{ pipeline: '1', stage: '2' }],
});
assert.deepEqual(read({ rule: [{ pipeline: '1', stages: '2' }] }), {
	rule: [{ pipeline: '1', stage: 'any' }],
});
assert.deepEqual(read({ rules: [{ pipeline: '1', stage: '2' }] }), {});
assert.deepEqual(read({ rule: '1' }), { rule: [{ pipeline: '', stage: 'any' }] });
assert.equal(
	read({ rule: { pipeline: '1', stage: '2' } }),
	'throws propertyValues[itemName] is not iterable',
);
JS
node look.cjs
