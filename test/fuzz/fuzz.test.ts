import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import fc from 'fast-check';
import { stringify } from 'qs';

import { CHOICES } from '../../nodes/KommoPipelineTrigger/events';
import { loadPackage } from '../support/builtPackage';
import { BuiltTrigger } from '../support/builtTrigger';
import { PROJECT_FOLDER } from '../../scripts/project/folder';
import { readWire } from '../support/wire';
import { ATTACKS, repeat } from './attacks';

jest.setTimeout(10 * 60_000);

const MEGABYTE = 2 ** 20;
const RUNS = Number(process.env.FUZZ_RUNS ?? 2_000);

let triggers: BuiltTrigger[];

const EVERYTHING = CHOICES.map(({ code }) => code);

/** Parameters that look at as much of an event as they can */
const EVERY_FILTER = {
	events: EVERYTHING,
	filters: {
		entities: ['leads', 'customers'],
		accountSubdomain: 'acme',
		ignoreUnchangedStages: true,
		stages: { rules: [{ pipeline: { value: '7' }, from: { value: '8' }, to: { value: '9' } }] },
	},
	options: { includeRawBody: true },
};

beforeAll(async () => {
	await loadPackage();
	triggers = [{ parameters: { events: EVERYTHING } }, { parameters: EVERY_FILTER }].map(
		(setup) => new BuiltTrigger(setup),
	);
});

afterEach(() => {
	expect(Object.keys(Object.prototype)).toEqual([]);
	expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

/** Gives the body to `webhook()`, which must answer 200, 400 or 413, whatever the filters. */
async function answer(body: string | Buffer): Promise<number | undefined> {
	const statuses = new Set<number>();
	for (const trigger of triggers) statuses.add((await trigger.receive({ body })).status);
	const [status] = statuses;
	expect(statuses.size).toBe(1);
	expect([200, 400, 413]).toContain(status);
	return status;
}

const bodies = [
	readWire('status'),
	readWire('account-status'),
	readWire('mail_in'),
	'{"leads":{"status":[{"id":1,"custom_fields":[{"values":[{"value":"x"}]}]}]},"account":{"id":3}}',
];
const polluting = [
	'__proto__',
	'constructor',
	'prototype',
	'__proto__][polluted',
	'constructor][prototype',
];

describe(`webhook() answers, ${RUNS} times each,`, () => {
	const check = async <T>(arbitrary: fc.Arbitrary<T>, toBody: (value: T) => string | Buffer) => {
		await fc.assert(
			fc.asyncProperty(arbitrary, async (value) => {
				await answer(toBody(value));
			}),
			{ numRuns: RUNS },
		);
	};

	test('random bytes', async () => {
		await check(fc.uint8Array({ maxLength: 2000 }), (bytes) => Buffer.from(bytes));
	});

	test('random text of characters with a meaning in a form or JSON', async () => {
		const signs = 'leads [ ] = & % %5B %5d %00 %ff + { } " : , 0 \0 .'.split(' ');
		const piece = fc.constantFrom(...signs, ...polluting);
		await check(fc.array(piece, { maxLength: 200 }), (pieces) => pieces.join(''));
	});

	test('real bodies cut off anywhere', async () => {
		const cut = fc.tuple(fc.constantFrom(...bodies), fc.nat(1000), fc.nat(1000));
		await check(cut, ([body, from, to]) => body.slice(from % body.length, to % body.length));
	});

	test('real bodies with bytes changed', async () => {
		const changes = fc.array(fc.tuple(fc.nat(1000), fc.integer({ min: 0, max: 255 })), {
			maxLength: 20,
		});
		await check(fc.tuple(fc.constantFrom(...bodies), changes), ([body, changed]) => {
			const bytes = Buffer.from(body);
			for (const [position, byte] of changed) bytes[position % bytes.length] = byte;
			return bytes;
		});
	});

	test('methods of objects in place of ids and names', async () => {
		const field = fc.constantFrom('id', 'status_id', 'pipeline_id', 'old_status_id');
		const method = fc.constantFrom('toString', 'valueOf', 'toJSON', 'then', 'length');
		await check(fc.tuple(field, method), ([name, key]) =>
			[
				`leads[status][0][${name}][${key}]=1`,
				`leads[chat][][${name}][][${key}]=1`,
				`account[subdomain][${key}]=1`,
			].join('&'),
		);
	});

	test('keys that aim at prototypes', async () => {
		const key = fc.oneof(fc.constantFrom(...polluting), fc.constantFrom('id', '0', 'polluted'));
		await check(fc.array(key, { minLength: 1, maxLength: 6 }), (keys) =>
			[
				`leads[add][0][${keys.join('][')}]=1`,
				`${keys.join('[')}]=1`,
				`{"leads":{"${keys.join('":{"')}":1`,
			].join('&'),
		);
	});
});

/** Strange pieces, repeated to a size: deep, long and seldom closed */
const repeated = fc
	.record({
		start: fc.constantFrom(
			'',
			'{',
			'{"a":"',
			'{"leads":{"add":[',
			'leads[add][0]',
			'leads[add][0][a]=',
		),
		pieces: fc.array(
			fc.constantFrom(
				' ',
				...'{ } [ ] " \\ \\" : , 1 -1e 12345678901234567890'.split(' '),
				...'{"a": [] {} "" null a & = + % %5B %ff \0 a[ a[]=& я'.split(' '),
			),
			{ minLength: 1, maxLength: 4 },
		),
		end: fc.constantFrom('', '}', '"}', ']}}', ' 1234567890123456', '=1'),
	})
	.map(({ start, pieces, end }) => {
		const piece = pieces.join('');
		return (size: number) => start + piece.repeat(size / piece.length) + end;
	});

/** The largest bodies that n8n accepts; one has eight million pairs. */
const LARGEST: Array<[string, (size: number) => string | Buffer]> = [
	['pairs', (size) => 'a&'.repeat(size / 2)],
	['records', (size) => repeat(size, (index) => `leads[chat][${index}][id]=${index}`)],
	['one name', (size) => `leads[${'a'.repeat(size)}]=1`],
	['random bytes', (size) => randomBytes(size)],
];

describe('webhook() takes time in proportion to the size of', () => {
	const seconds = async (body: string | Buffer) => {
		const started = process.cpuUsage();
		await answer(body);
		return process.cpuUsage(started).user / 1e6 / triggers.length;
	};

	/** Quadratic time would be 4 times as long. The shortest of several tries counts, because other work of the machine only adds time. */
	const expectInProportion = async (
		make: (size: number) => string | Buffer,
		size: number,
		tries = 8,
	) => {
		const [half, whole] = [make(size / 2), make(size)];
		const least = [Infinity, Infinity];
		for (let count = 0; count < tries; count++) {
			least[0] = Math.min(least[0]!, await seconds(half));
			least[1] = Math.min(least[1]!, await seconds(whole));
			if (least[1] < 3 * Math.max(least[0], 0.02)) break;
		}
		expect(least[1]).toBeLessThan(3 * Math.max(least[0]!, 0.02));
	};

	test.each(ATTACKS)('%s', async (_, make) => {
		await expectInProportion(make, MEGABYTE);
	});

	test.each(LARGEST)('16 MB of %s', async (_, make) => {
		await expectInProportion(make, 16 * MEGABYTE);
	});

	test('whatever is repeated', async () => {
		await fc.assert(
			fc.asyncProperty(repeated, async (make) => await expectInProportion(make, MEGABYTE / 4)),
			{ numRuns: RUNS / 20 },
		);
	});

	test('a real payload written by another library', async () => {
		expect(await answer(stringify({ leads: { add: [{ id: 1 }] } }))).toBe(200);
	});
});

/** In a process whose heap is no larger. */
describe('decoding takes at most 40 times the memory of', () => {
	const SIZE = 4 * MEGABYTE;
	const script = `
		const { readFileSync } = require('node:fs');
		const { readEvents } = require(process.argv[1]);
		readEvents(new TextDecoder().decode(readFileSync(process.argv[2])));
	`;
	const decoder = join(PROJECT_FOLDER, 'dist/nodes/shared/decoding/payload.js');
	const file = join(tmpdir(), `body-${process.pid}`);

	afterAll(async () => await rm(file, { force: true }));

	test.each(ATTACKS)('%s', async (_, make) => {
		await writeFile(file, make(SIZE));
		const heap = `--max-old-space-size=${(40 * SIZE) / MEGABYTE}`;
		await promisify(execFile)(process.execPath, [heap, '-e', script, decoder, file]);
	});
});
