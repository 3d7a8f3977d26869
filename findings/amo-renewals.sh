#!/usr/bin/env bash
# Two clients of amoCRM and Kommo, amocrm-js and @shevernitskiy/amo, renew an expired token by
# themselves. With each renewal Kommo gives another refresh token, so one would guess that requests
# made at the same time share one. Each asks for its own: three send the same refresh token three
# times, and which of the new ones is kept is chance.
# Here: what a program beside n8n does with an integration; an access token needs no renewal, which
# is why docs/troubleshooting.md calls it the safe way.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --prefix "$dir" --ignore-scripts --no-audit --no-fund --loglevel=error \
	amocrm-js@3.6.0 @shevernitskiy/amo@0.1.12

cat > look.cjs <<'JS'
const assert = require('node:assert/strict');
const http = require('node:http');
const https = require('node:https');

const renewedWith = [];
function answer(path, body) {
	if (!path.startsWith('/oauth2/')) return { id: 7 };
	renewedWith.push(JSON.parse(body).refresh_token);
	const number = renewedWith.length;
	const tokens = { access_token: `access${number}`, refresh_token: `refresh${number}` };
	return { token_type: 'Bearer', expires_in: 86_400, ...tokens };
}
const kommo = http.createServer(async (request, response) => {
	let body = '';
	for await (const chunk of request) body += chunk;
	response.end(JSON.stringify(answer(request.url, body)));
});

const integration = { client_id: 'c', client_secret: 's', redirect_uri: 'https://example.com/' };
const expired = {
	token_type: 'Bearer',
	expires_in: 86_400,
	access_token: 'access0',
	refresh_token: 'refresh0',
	expires_at: Date.now() - 1000,
};

async function show(name, ask) {
	renewedWith.length = 0;
	await Promise.all([ask(1), ask(2), ask(3)]);
	console.log(`${name} ${require(`${name}/package.json`).version}`);
	console.log(`  3 requests at once, the token expired: renewed with ${renewedWith.join(', ')}`);
	assert.deepEqual(renewedWith, ['refresh0', 'refresh0', 'refresh0']);
}

kommo.listen(0, '127.0.0.1', async () => {
	const { port } = kommo.address();
	https.request = ({ path, method, headers }, onResponse) =>
		http.request({ host: '127.0.0.1', port, path, method, headers }, onResponse);
	globalThis.fetch = async (url, { body }) => Response.json(answer(new URL(url).pathname, body));

	const { Client } = require('amocrm-js');
	const client = new Client({ domain: 'acme.kommo.com', auth: integration });
	client.token.setValue(expired);
	await show('amocrm-js', (id) => client.request.get(`/api/v4/leads/${id}`));

	const { Amo } = require('@shevernitskiy/amo');
	const amo = new Amo('acme.kommo.com', { ...integration, ...expired });
	await show('@shevernitskiy/amo', (id) => amo.raw.get({ url: `/api/v4/leads/${id}` }));
	kommo.close();
});
JS
node look.cjs
