import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { isDeepStrictEqual, promisify } from 'node:util';

import { readEvents } from '../../nodes/shared/decoding/payload';
import type { KommoEvent } from '../../nodes/shared/events/event';
import { listWires, readItems, readWire, WIRE_FOLDER } from '../support/wire';

jest.setTimeout(10 * 60_000);

const SEED = Number(process.env.PHP_SEED ?? Math.floor(Math.random() * 2 ** 31));
const COUNT = Number(process.env.PHP_COUNT ?? 20_000);

test(`gives the items that PHP reads, for ${COUNT} bodies that PHP writes (PHP_SEED=${SEED})`, async () => {
	const { stdout } = await promisify(execFile)(
		'php',
		['-d', 'max_input_vars=1000000', join(__dirname, 'bodies.php'), String(SEED), String(COUNT)],
		{ maxBuffer: 2 ** 30 },
	);
	const cases = stdout
		.trimEnd()
		.split('\n')
		.map((line) => JSON.parse(line) as [body: string, items: unknown[] | null]);
	expect(cases).toHaveLength(COUNT);
	const read = (body: string) => {
		const events = readEvents(body);
		return events === 'notKommo' ? null : events;
	};
	const differing = cases.find(([body, items]) => !isDeepStrictEqual(read(body), items));
	if (differing) {
		const [body, items] = differing;
		expect({ body, items: read(body) }).toEqual({ body, items });
	}
	const records = cases.reduce((sum, [, items]) => sum + (items?.length ?? 0), 0);
	console.log(`${COUNT} bodies, ${records} items, no difference. PHP_SEED=${SEED}`);
});

const wires = listWires().filter((name) => !readWire(name).startsWith('{'));

test(`gives the items that PHP reads from each of the ${wires.length} forms in test/fixtures/wire`, async () => {
	const script = join(__dirname, 'items.php');
	const { stdout } = await promisify(execFile)('php', [script, WIRE_FOLDER]);
	const read = JSON.parse(stdout) as Record<string, KommoEvent[]>;
	for (const name of wires) {
		const items = readItems(name).map(({ fields, ...item }) => (void fields, item));
		expect({ name, items }).toEqual({ name, items: read[name] });
	}
});
