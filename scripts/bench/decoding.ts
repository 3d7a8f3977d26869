import querystring from 'node:querystring';

import { parse } from 'qs';

import { QS_OPTIONS } from '../../nodes/shared/decoding/form';
import { readEvents } from '../../nodes/shared/decoding/payload';
import { countLargest, makeStageChanges } from './bodies';
import { formatRatio, measure, printTable, type Timing } from './measure';

const SIZES = [1, 10, 100, 1_000, 10_000, countLargest()];

type Parser = 'events' | 'qs' | 'querystring' | 'urlSearchParams';
type Result = Record<Parser, Timing> & { records: number; size: number };

/** Prints what the events of a body cost, beside parsers that know nothing of events. */
export async function benchDecoding(): Promise<void> {
	const results: Array<Result> = [];
	for (const records of SIZES) {
		const body = makeStageChanges(records);
		const timings = await measure(
			{
				events: () => readEvents(body),
				qs: () => parse(body, QS_OPTIONS),
				querystring: () => querystring.parse(body, '&', '=', { maxKeys: 0 }),
				urlSearchParams: () => [...new URLSearchParams(body)],
			},
			{ rounds: records > 1_000 ? 7 : 15 },
		);
		results.push({ records, size: body.length, ...timings });
	}
	printTable(
		'Decoding, per record, and as a multiple of what other parsers take for the body',
		['Records', 'Size in kB', 'Events, µs', 'qs.parse', 'querystring.parse', 'URLSearchParams'],
		results.map(({ records, size, events, qs, querystring, urlSearchParams }) => [
			records.toLocaleString('en'),
			(size / 1000).toFixed(1),
			(events.time / records).toFixed(1),
			...[qs, querystring, urlSearchParams].map(({ ratio }) => formatRatio(ratio)),
		]),
	);
	const perRecord = (count: number) => {
		const { events } = results.find(({ records }) => records === count)!;
		return events.time / count;
	};
	const growth = perRecord(10_000) / perRecord(100);
	console.log(`\nGrowth per record from 100 to 10,000 records: ${formatRatio(growth)} (at most 2)`);
}
