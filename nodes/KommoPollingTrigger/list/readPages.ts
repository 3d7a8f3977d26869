import { sleep } from 'n8n-workflow';

import { now } from '../../shared/api/deadline';
import { isRefused } from '../../shared/api/pages';
import { DISTANCE } from '../../shared/api/rateLimit';
import { REFUSED, type EventList, type ListedEvent, type EventPage, type Span } from './eventList';

/** Pages that are asked for at the same time: 7 requests a second that take 2 seconds each */
const SIDE_BY_SIDE = 14;

export interface PageLimits {
	/** The first page to give; by default, the first page of the list */
	first?: number;
	/** How many to read at most */
	count: number;
	/** By `now()`, in ms. After it, no page but the first is requested. */
	until: number;
	/** Whether to stop at once if there are more pages than `count` */
	allOrNone?: boolean;
}

export interface Pages {
	/** The events of all pages before the first missing one */
	events: ListedEvent[];
	/** Whether these are all events of the span */
	isWhole: boolean;
	/** The first missing page */
	next: number;
	/** Why that page could not be read */
	problem?: unknown;
}

type ReadPage = EventPage | { problem: unknown };

/**
 * Reads pages up to the last one. It requests each page a moment after the one before, as fast as Kommo's
 * limit allows.
 */
export async function readPages(
	list: EventList,
	span: Span,
	{ first = 1, count, until, allOrNone = false }: PageLimits,
): Promise<Pages> {
	const pages = new Map<number, ReadPage>();
	const underWay = new Map<number, Promise<unknown>>();
	let end = first + count;
	const read = async (number: number) => {
		const page = await list.readPage(span, number).catch((problem: unknown) => ({ problem }));
		pages.set(number, page);
		underWay.delete(number);
		if ('problem' in page || page.isLast) end = Math.min(end, number + 1);
		return page;
	};
	// Reads the page before `first` too: it says whether there is another page.
	const start = Math.max(1, first - 1);
	if (allOrNone) {
		void read(end).then((page) => {
			if ('events' in page && page.events.length > 0) end = start;
		});
	}
	for (let number = start; number < end && (number === start || now() < until); number++) {
		const page = read(number);
		underWay.set(number, page);
		// Mostly there is only one page, so wait for it. With `allOrNone`, there may be too many.
		const isAlone = number === start && !allOrNone;
		await Promise.race(isAlone ? [page] : [page, sleep(DISTANCE)]);
		if (underWay.size >= SIDE_BY_SIDE) await Promise.race(underWay.values());
	}
	// Do not wait for pages behind the last one.
	await Promise.all([...underWay].filter(([number]) => number < end).map(([, page]) => page));

	return joinPages(pages, start, first, end);
}

/** Joins the pages from `start` up to the first missing one; the events begin with the page `first`. */
function joinPages(
	pages: ReadonlyMap<number, ReadPage>,
	start: number,
	first: number,
	end: number,
): Pages {
	const events: ListedEvent[] = [];
	for (let next = start, isLinked = true; ; next++) {
		const page = next < end ? pages.get(next) : undefined;
		if (!page) return { events, isWhole: false, next };
		if ('problem' in page) {
			// If the page before was full and linked no other, Kommo may answer that there is no such page.
			const isWhole = !isLinked && isRefused(page.problem, REFUSED);
			return { events, isWhole, next, ...(!isWhole && page) };
		}
		if (next >= first) events.push(...page.events);
		if (page.isLast) return { events, isWhole: true, next };
		isLinked = page.isLinked;
	}
}
