#!/usr/bin/env bash
# The times in Kommo's webhooks are Unix seconds as text. One would guess that n8n takes them, not
# ids, for times. n8n-workflow does the reverse: it takes an id for a date and time: `142` is the
# year 142, `7` a day in 2001. In an expression, .toDateTime() of the text throws, of the number it
# is a day in January 1970, and DateTime.fromSeconds() of the text is nothing at all.
# Here: docs/items.md has the expression that works: DateTime.fromSeconds(Number(...)).
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --prefix "$dir" --ignore-scripts --no-audit --no-fund --loglevel=error \
	n8n-workflow@2.41.0

cat > look.cjs <<'JS'
const assert = require('node:assert/strict');
const { validateFieldType, Workflow } = require('n8n-workflow');
console.log(`n8n-workflow ${require('n8n-workflow/package.json').version}`);

// What Edit Fields does with a value whose type is Date & Time
function toDate(value) {
	const { valid, newValue } = validateFieldType('time', value, 'dateTime');
	const date = valid ? newValue.setZone('utc').toISODate() : 'refused';
	console.log(`${JSON.stringify(value)} as dateTime -> ${date}`);
	return date;
}
assert.equal(toDate('1726567767'), 'refused');
assert.equal(toDate(1726567767), 'refused');
assert.equal(toDate('7').slice(0, 4), '2001');
assert.match(toDate('142'), /^014[12]-/);

const node = { id: '1', name: 'A', type: 'any', typeVersion: 1, position: [0, 0], parameters: {} };
const nodeTypes = {
	getByName: () => undefined,
	getByNameAndVersion: () => ({ description: { properties: [] } }),
	getKnownTypes: () => ({}),
};
const workflow = new Workflow({
	nodes: [node],
	connections: {},
	active: false,
	nodeTypes,
	settings: { timezone: 'UTC' },
});
const json = { text: '1726567767', number: 1726567767 };
async function resolve(code) {
	const evaluate = async () => {
		const given = [{}, { main: {} }, 0, 0, 'A', [{ json }], 'manual', { $json: json }];
		const value = workflow.expression.resolveSimpleParameterValue(`={{ ${code} }}`, ...given);
		return (await value)?.setZone('utc').toISODate() ?? 'nothing';
	};
	const result = await evaluate().catch(({ message }) => `throws ${message}`);
	console.log(`{{ ${code} }} -> ${result}`);
	return result;
}
(async () => {
	assert.equal(await resolve('$json.text.toDateTime()'), 'throws cannot convert to Luxon DateTime');
	assert.equal(await resolve('$json.number.toDateTime()'), '1970-01-20');
	assert.equal(await resolve('DateTime.fromSeconds($json.text)'), 'nothing');
	assert.equal(await resolve('DateTime.fromSeconds(Number($json.text))'), '2024-09-17');
})();
JS
node look.cjs
