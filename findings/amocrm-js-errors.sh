#!/usr/bin/env bash
# amocrm-js, a client of amoCRM and Kommo, throws when an API call fails. One would guess that it
# goes by the HTTP status. It goes by a field `status` in the body alone: an answer 429 or 504 with
# no body, or with a body of a gateway's, is an account without leads.
# Here: the same answers, 429 for too many requests and 504 from a gateway, are tried again or
# reported by nodes/shared/api, which goes by the HTTP status.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --prefix "$dir" --ignore-scripts --no-audit --no-fund --loglevel=error amocrm-js@3.6.0

cat > look.cjs <<'JS'
const assert = require('node:assert/strict');
const http = require('node:http');
const https = require('node:https');

const answers = [
	[200, { _page: 1, _links: {}, _embedded: { leads: [{ id: 7 }] } }, '7'],
	[400, { title: 'Bad Request', status: 400, detail: 'No' }, 'throws API_RESPONSE_ERROR'],
	[429, undefined, 'no leads'],
	[504, undefined, 'no leads'],
	[504, { message: 'The upstream server is timing out' }, 'no leads'],
];
const queue = [...answers];
const kommo = http.createServer((_request, response) => {
	const [status, body] = queue.shift();
	response.writeHead(status).end(body && JSON.stringify(body));
});

kommo.listen(0, '127.0.0.1', async () => {
	const { port } = kommo.address();
	https.request = ({ path, method, headers }, onResponse) =>
		http.request({ host: '127.0.0.1', port, path, method, headers }, onResponse);
	console.error = () => {}; // The library prints what it takes for an error.

	const { Client } = require('amocrm-js');
	console.log(`amocrm-js ${require('amocrm-js/package.json').version}`);
	const client = new Client({ domain: 'acme.kommo.com', auth: { bearer: 'any' } });
	const outcomes = [];
	for (const [status, body] of answers) {
		const outcome = await client.leads.get().then(
			(page) => page.getData().map(({ id }) => id).join() || 'no leads',
			({ message }) => `throws ${message}`,
		);
		console.log(`leads.get(): ${status} ${JSON.stringify(body) ?? 'without a body'} -> ${outcome}`);
		outcomes.push(outcome);
	}
	kommo.close();
	assert.deepEqual(outcomes, answers.map(([, , outcome]) => outcome));
});
JS
node look.cjs
