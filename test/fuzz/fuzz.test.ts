import { randomBytes } from 'node:crypto';

import fc from 'fast-check';
import type { PackageDirectoryLoader } from 'n8n-core';
import { stringify } from 'qs';

import { CHOICES } from '../../nodes/KommoPipelineTrigger/events';
import { BuiltTrigger, loadPackage } from '../../scripts/n8n/builtTrigger';
import { readWire } from '../support/wire';

jest.setTimeout(10 * 60_000);

const MEGABYTE = 2 ** 20;
const RUNS = Number(process.env.FUZZ_RUNS ?? 2_000);

let loader: PackageDirectoryLoader;
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
	loader = await loadPackage();
	triggers = [{ parameters: { events: EVERYTHING } }, { parameters: EVERY_FILTER }].map(
		(setup) => new BuiltTrigger(loader, setup),
	);
});

afterEach(() => {
	expect(Object.keys(Object.prototype)).toEqual([]);
	expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

/** Gives the body to `webhook()`, which has to answer it, with 200 or 400 whatever the filters. */
async function answer(body: string | Buffer): Promise<number | undefined> {
	const statuses = new Set<number>();
	for (const trigger of triggers) statuses.add((await trigger.receive({ body })).status);
	const [status] = statuses;
	expect(statuses.size).toBe(1);
	expect([200, 400]).toContain(status);
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

	test('random text of what means something in a form or JSON', async () => {
		const piece = fc.constantFrom(
			'leads',
			'[',
			']',
			'=',
			'&',
			'%',
			'%5B',
			'%5d',
			'%00',
			'%ff',
			'+',
			'{',
			'}',
			'"',
			':',
			',',
			'0',
			'\0',
			'.',
			...polluting,
		);
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

const repeat = (size: number, make: (index: number) => string) => {
	const parts: string[] = [];
	for (let length = 0; length < size; length += parts.at(-1)!.length + 1)
		parts.push(make(parts.length));
	return parts.join('&');
};
const longPath = 'a'.repeat(16_400);

/** Bodies of about a size in bytes, each an attempt to cost more than its size */
const ATTACKS: Array<[string, (size: number) => string | Buffer]> = [
	['many pairs', (size) => 'a&'.repeat(size / 2)],
	['many records', (size) => repeat(size, (index) => `leads[status][${index}][id]=${index}`)],
	['many equal names', (size) => repeat(size, () => 'leads[add][0][id]=1')],
	['many empty brackets', (size) => repeat(size, () => 'leads[add][][id]=1')],
	['one long name', (size) => `leads[${'a'.repeat(size)}]=1`],
	['one long value', (size) => `leads[add][0][text]=${'%41'.repeat(size / 3)}`],
	['broken escapes', (size) => `leads[add][0][text]=${'%zz'.repeat(size / 3)}`],
	['bytes that are no UTF-8', (size) => Buffer.alloc(size, 0xff)],
	[
		'percent-encoded bytes that are no UTF-8',
		(size) => `leads[add][0][text]=${'%ff'.repeat(size / 3)}`,
	],
	['nesting without end', (size) => `leads${'[a]'.repeat(size / 3)}=1`],
	['opening brackets', (size) => 'leads' + '['.repeat(size)],
	['closing brackets', (size) => 'leads[add]' + ']'.repeat(size)],
	['deep names', (size) => repeat(size, (index) => `leads[${index}]${'[0]'.repeat(62)}=1`)],
	[
		'long names of one length',
		(size) => repeat(size, (index) => `${longPath}${1e6 + index}[0][][id]=1`),
	],
	['huge indices', (size) => repeat(size, (index) => `leads[add][${1e15 + index}][]=1`)],
	[
		'values and containers in turn',
		(size) => repeat(size, (index) => (index % 2 ? 'a[b]=1' : 'a=1')),
	],
	['a deep JSON list', (size) => '['.repeat(size / 2) + ']'.repeat(size / 2)],
	['deep JSON maps', (size) => '{"leads":'.repeat(size / 10) + '1' + '}'.repeat(size / 10)],
	[
		'one long subdomain for many records',
		(size) =>
			`account[subdomain]=${'a'.repeat(size / 2)}&${repeat(size / 2, () => 'leads[chat][]=1')}`,
	],
	[
		'a deep JSON list of a long number',
		(size) => '['.repeat(size / 2) + '1234567890123456' + ']'.repeat(size / 2),
	],
	['a wide JSON list', (size) => `{"leads":{"add":[${'1,'.repeat(size / 2)}1]}}`],
	[
		'JSON with many long numbers',
		(size) => `{"leads":{"add":[${'12345678901234567890,'.repeat(size / 21)}1]}}`,
	],
];

/** Bodies of the most that n8n accepts; the pairs are eight million. */
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

	/** Quadratic would be 16 times; garbage collection and caches make 4 times uneven. */
	const expectInProportion = async (
		what: string,
		make: (size: number) => string | Buffer,
		size: number,
	) => {
		const small = await seconds(make(size / 4));
		const large = await seconds(make(size));
		const times = [small, large].map((time) => `${time.toFixed(2)} s`);
		console.log(`${size / MEGABYTE} MB of ${what}, a quarter of it first: ${times.join(', ')}`);
		expect(large).toBeLessThan(10 * Math.max(small, 0.1));
	};

	test.each(ATTACKS)('%s', async (what, make) => {
		await seconds(make(MEGABYTE / 8));
		await expectInProportion(what, make, MEGABYTE);
	});

	test.each(LARGEST)('16 MB of %s', async (what, make) => {
		await expectInProportion(what, make, 16 * MEGABYTE);
	});

	test('a real payload written by another library', async () => {
		expect(await answer(stringify({ leads: { add: [{ id: 1 }] } }))).toBe(200);
	});
});
