import { byTime, EVENTS_PER_PAGE, type ListedEvent, type ReadPage } from './eventList';

/** How far back to look, one after the other, in seconds; at last without an end */
const SPANS = [5 * 60, 60 * 60, 24 * 60 * 60, 7 * 24 * 60 * 60, 30 * 24 * 60 * 60, Infinity];

/** Since Kommo promises no order, the newest event of a span may be on any of its pages. */
const MAX_PAGES = 10;

/**
 * The newest events, at most a page, the oldest of them first.
 *
 * @param count how many at least, if there are so many
 * @param clock in Unix seconds
 */
export async function readNewest(
	readPage: ReadPage,
	count: number,
	clock: number,
): Promise<ListedEvent[]> {
	let events: ListedEvent[] = [];
	for (const span of SPANS) {
		events = await readPages(readPage, span === Infinity ? undefined : clock - span);
		if (events.length >= count) break;
	}
	return events.sort(byTime).slice(-EVENTS_PER_PAGE);
}

async function readPages(readPage: ReadPage, from?: number): Promise<ListedEvent[]> {
	const events: ListedEvent[] = [];
	for (let number = 1; number <= MAX_PAGES; number++) {
		const page = await readPage({ from }, number);
		events.push(...page.events);
		if (!page.hasNext) break;
	}
	return events;
}
