#!/usr/bin/env bash
# Kommo's webhooks are forms as PHP writes them. One would guess that qs, with which most people
# read nested forms in Node, reads them as PHP does. By itself it goes five levels deep, and the
# value of a custom field stands two deeper: everything but the values looks right, and each hides
# under the key `[0][value]`. Where Kommo writes a text and then fields of the same name, PHP keeps
# the fields, qs both in a list; and a map by ids is a list when the ids are small.
# Here: why nodes/shared/decoding has a reader of its own, compared with PHP in test/php.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --prefix "$dir" --ignore-scripts --no-audit --no-fund --loglevel=error qs@6.15.4

cat > look.cjs <<'JS'
const assert = require('node:assert/strict');
const qs = require('qs');
console.log(`qs ${require('qs/package.json').version}`);

function parse(body) {
	const tree = qs.parse(body);
	console.log(`${body}\n  -> ${JSON.stringify(tree)}`);
	return tree;
}

const field = 'leads[update][0][custom_fields][0]';
const lead = parse(`${field}[name]=Seats&${field}[values][0][value]=12`).leads.update[0];
assert.deepEqual(lead.custom_fields, [{ name: 'Seats', values: { '[0][value]': '12' } }]);

const note = 'contacts[note][0][note]';
const type = parse(`${note}[type]=3&${note}[type][uuid]=b26b`).contacts.note[0].note.type;
assert.deepEqual(type, ['3', { uuid: 'b26b' }]);

const linked = (id) => parse(`contacts[add][0][linked_leads_id][${id}][ID]=${id}`).contacts.add[0];
assert.deepEqual(linked(7), { linked_leads_id: [{ ID: '7' }] });
assert.deepEqual(linked(4831596), { linked_leads_id: { 4831596: { ID: '4831596' } } });
JS
node look.cjs
