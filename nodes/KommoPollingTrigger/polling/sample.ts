import type { KommoEvent } from '../../shared/events/event';
import { now } from '../../shared/api/deadline';
import { codeOf } from '../events';
import type { EventList, ListedEvent } from './eventList';
import { byTime } from './eventList';
import { readPages } from './reading';

const [MINUTE, HOUR, DAY] = [60, 60 * 60, 24 * 60 * 60];

/** How far back to look, one after the other, in seconds */
const SPANS = [5 * MINUTE, 30 * MINUTE, 3 * HOUR, 12 * HOUR, 2 * DAY, 7 * DAY, 30 * DAY];

/** Since Kommo promises no order, the newest event of a span may be on any of its pages. */
const MAX_PAGES = 40;

/** What a search for test events found, and how far back it looked, e.g. `12 hours` */
export interface Sample {
	events: KommoEvent[];
	lookedBack: string;
}

/**
 * The newest event of each type, the oldest of them first.
 *
 * @param openList of events of these types
 * @param select makes items of those that pass the filters
 * @param until by `now()`, in ms; what has been found by then is given
 */
export async function findNewest(
	types: readonly string[],
	openList: (types: readonly string[]) => EventList,
	select: (events: readonly ListedEvent[]) => Promise<KommoEvent[]>,
	until: number,
): Promise<Sample> {
	const found = new Map<string | undefined, KommoEvent>();
	const start = Math.floor(Date.now() / 1000);
	let looked = 0;
	for (const seconds of SPANS) {
		const missing = types.filter((type) => !found.has(type));
		if (missing.length === 0 || now() >= until) break;
		const to = looked > 0 ? { to: start - looked - 1 } : {};
		const span = { from: start - seconds, ...to };
		const { events, problem } = await readPages(openList(missing), span, MAX_PAGES, until);
		if (problem && events.length === 0 && now() < until) throw problem;
		const newest = (await select(events.sort(byTime))).reverse();
		for (const event of newest) if (!found.has(codeOf(event))) found.set(codeOf(event), event);
		if (!problem) looked = seconds;
	}
	const events = [...found.values()].sort((a, b) => Number(a.created_at) - Number(b.created_at));
	return { events, lookedBack: describeSpan(looked) };
}

function describeSpan(seconds: number): string {
	if (seconds >= 2 * DAY) return `${seconds / DAY} days`;
	return seconds >= 3 * HOUR ? `${seconds / HOUR} hours` : `${seconds / MINUTE} minutes`;
}
