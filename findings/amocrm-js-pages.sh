#!/usr/bin/env bash
# amocrm-js, a client of amoCRM and Kommo, reads lists by pages. Kommo answers 204 for a page
# without entries, as the next one can be when leads are deleted meanwhile. One would guess that
# next() then gives an empty list: it gives the page before once more. And of
# `filter[id][]=7&filter[id][]=8` in a path it sends the last id alone.
# Here: Kommo Polling Trigger reads such lists, where either would be an event twice, or none. A 204
# is its end; what it looks up, such as leads, it asks for with `filter[id][]`, too.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --prefix "$dir" --ignore-scripts --no-audit --no-fund --loglevel=error amocrm-js@3.6.0

cat > look.cjs <<'JS'
const assert = require('node:assert/strict');
const http = require('node:http');
const https = require('node:https');

const asked = [];
const kommo = http.createServer((request, response) => {
	const path = decodeURIComponent(request.url);
	asked.push(path);
	if (path.includes('page=2')) return response.writeHead(204).end();
	const next = { href: 'https://acme.kommo.com/api/v4/leads?limit=2&page=2' };
	const leads = [{ id: 7 }, { id: 8 }];
	response.end(JSON.stringify({ _page: 1, _links: { next }, _embedded: { leads } }));
});

kommo.listen(0, '127.0.0.1', async () => {
	const { port } = kommo.address();
	https.request = ({ path, method, headers }, onResponse) =>
		http.request({ host: '127.0.0.1', port, path, method, headers }, onResponse);

	const { Client } = require('amocrm-js');
	console.log(`amocrm-js ${require('amocrm-js/package.json').version}`);
	const client = new Client({ domain: 'acme.kommo.com', auth: { bearer: 'any' } });

	const pages = await client.leads.get({ limit: 2 });
	const first = pages.getData().map(({ id }) => id);
	const second = (await pages.next()).map(({ id }) => id);
	console.log(`page 1: ${first}\n${asked.at(-1)}: 204\n  -> page 2: ${second}`);
	assert.deepEqual([first, second], [[7, 8], [7, 8]]);

	const path = '/api/v4/leads?filter[id][]=7&filter[id][]=8';
	await client.request.get(path);
	console.log(`get ${path}\n  -> GET ${asked.at(-1)}`);
	kommo.close();
	assert.equal(asked.at(-1), '/api/v4/leads?filter[id][]=8');
});
JS
node look.cjs
