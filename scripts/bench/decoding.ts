import { join } from 'node:path';

import { readEvents } from '../../nodes/shared/decoding/payload';
import { PROJECT_FOLDER } from '../project/folder';
import { LARGEST_BODY, makeStageChanges } from './bodies';
import { formatRatio, measure, printTable } from './measure';

const SIZES = [1, 10, 100, 1_000, 10_000];

/** The limits of what decoding may take */
const GOALS = { ratio: 5, growth: 1.5, largest: 2_000 };

/**
 * Prints how long it takes to read the events of a body, compared with `URLSearchParams`, which reads only
 * its pairs.
 */
export async function benchDecoding(): Promise<void> {
	const rows: string[][] = [];
	for (const records of SIZES) {
		const body = makeStageChanges(records);
		const { events, pairs } = await measure(
			{ events: () => readEvents(body), pairs: () => [...new URLSearchParams(body)] },
			{ rounds: records > 1_000 ? 9 : 15 },
		);
		rows.push([
			records.toLocaleString('en'),
			(body.length / 1000).toFixed(1),
			(events.time / records).toFixed(1),
			formatRatio(pairs.ratio),
		]);
	}
	printTable(
		`Decoding, per record, as a multiple of URLSearchParams (at most ${GOALS.ratio})`,
		['Records', 'Size in kB', 'Events, µs', 'URLSearchParams'],
		rows,
	);
	if (process.env.OTHER_DIST) await compareWith(process.env.OTHER_DIST);
	const [many, few] = [makeStageChanges(10_000), makeStageChanges(100)];
	const ofBoth = await measure({ many: () => readEvents(many), few: () => readEvents(few) });
	const growth = ofBoth.few.ratio / 100;
	console.log(
		`\nGrowth per record from 100 to 10,000 records: ${formatRatio(growth)} (at most ${GOALS.growth})`,
	);

	const body = makeStageChanges(
		Math.floor(LARGEST_BODY / (makeStageChanges(1_000).length / 1_000)),
	);
	const { largest } = await measure({ largest: () => readEvents(body) }, { rounds: 5, minimum: 0 });
	console.log(
		`${(body.length / 2 ** 20).toFixed(1)} MB of records are refused in ${(largest.time / 1e6).toFixed(2)} s (at most ${GOALS.largest / 1000})`,
	);
}

/** Prints how long decoding takes, compared with another build. */
async function compareWith(dist: string): Promise<void> {
	const [own, other] = await Promise.all(
		[join(PROJECT_FOLDER, 'dist'), dist].map(
			async (folder) =>
				(await import(join(folder, 'nodes/shared/decoding/payload.js'))) as {
					readEvents: typeof readEvents;
				},
		),
	);
	const rows: string[][] = [];
	for (const records of SIZES) {
		const body = makeStageChanges(records);
		const timings = await measure({
			own: () => own!.readEvents(body),
			other: () => other!.readEvents(body),
		});
		rows.push([records.toLocaleString('en'), formatRatio(timings.other.ratio)]);
	}
	printTable(`Decoding, as a multiple of ${dist}`, ['Records', 'Ratio'], rows);
}
