#!/usr/bin/env bash
# n8n's editor ranks nodes with @n8n/utils. One would guess that a node with the alias that somebody
# types comes first, in whichever case. A capital after a small letter counts as the start of a
# word: the alias `leAd` beats `lead`. Letters count even apart, so LinkedIn Ads (L..e..ad) beats an
# alias that ends in the word, and Google Ads Lead, which has it in its name.
# Here: why the trigger's alias in KommoPipelineTrigger.node.json is `leAd`: it is no slip.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --prefix "$dir" --ignore-scripts --no-audit --no-fund --loglevel=error @n8n/utils@1.48.0

cat > look.mjs <<'JS'
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { sublimeSearch } from '@n8n/utils/search/sublime-search';
const { version } = JSON.parse(readFileSync('node_modules/@n8n/utils/package.json', 'utf8'));
console.log(`@n8n/utils ${version}`);

const nodes = {
	Alpha: ['lead'],
	Beta: ['leAd'],
	Gamma: ['crm lead'],
	'LinkedIn Ads': [],
	'Google Ads Lead': [],
};
const items = Object.entries(nodes).map(([displayName, alias]) => ({
	properties: { displayName, codex: { alias } },
}));
const found = sublimeSearch('lead', items).map(({ score, item: { properties } }) => {
	console.log(`${score}  ${properties.displayName}  ${properties.codex.alias}`);
	return properties.displayName;
});
assert.deepEqual(found, ['Beta', 'Alpha', 'LinkedIn Ads', 'Gamma', 'Google Ads Lead']);
JS
node look.mjs
