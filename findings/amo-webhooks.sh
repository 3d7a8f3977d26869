#!/usr/bin/env bash
# @shevernitskiy/amo, a client of amoCRM and Kommo, has a webhookHandler(). One would guess that it
# reads the form that Kommo posts. It reads only JSON, so it throws at each of Kommo's requests; and
# of JSON it emits one record of one action, and answers 200: the rest is lost.
# Here: a request of Kommo's can have several records, actions and entities, and this package gives
# them all. Whoever comes from that library has never seen the second.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --prefix "$dir" --ignore-scripts --no-audit --no-fund --loglevel=error \
	@shevernitskiy/amo@0.1.12

cat > look.cjs <<'JS'
const assert = require('node:assert/strict');
const { Amo } = require('@shevernitskiy/amo');
console.log(`@shevernitskiy/amo ${require('@shevernitskiy/amo/package.json').version}`);

async function post(type, body) {
	const amo = new Amo('acme.kommo.com', { code: 'any' });
	const emitted = [];
	for (const event of ['leads:add', 'leads:status', 'message:add']) {
		amo.on(event, ({ id }) => emitted.push(`${event} ${id}`));
	}
	const headers = { 'content-type': type };
	const request = new Request('https://example.com/', { method: 'POST', body, headers });
	const answer = await amo.webhookHandler()(request).then(
		({ status }) => String(status),
		({ message }) => (message.includes('is not valid JSON') ? 'throws: no JSON' : message),
	);
	console.log(`${body}\n  -> ${answer}; ${emitted.join(', ') || 'nothing'}`);
	return [answer, ...emitted];
}

(async () => {
	const form = 'leads[add][0][id]=7&leads[add][0][name]=Order&account[subdomain]=acme';
	assert.deepEqual(await post('application/x-www-form-urlencoded', form), ['throws: no JSON']);

	const json = 'application/json';
	const twoRecords = JSON.stringify({ message: { add: [{ id: 'a' }, { id: 'b' }] } });
	assert.deepEqual(await post(json, twoRecords), ['200', 'message:add a']);
	const twoActions = JSON.stringify({ leads: { add: [{ id: 7 }], status: [{ id: 8 }] } });
	assert.deepEqual(await post(json, twoActions), ['200', 'leads:add 7']);
})();
JS
node look.cjs
