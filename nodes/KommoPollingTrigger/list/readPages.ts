import { sleep } from 'n8n-workflow';

import { now } from '../../shared/api/deadline';
import { isRefused } from '../../shared/api/pages';
import { DISTANCE } from '../../shared/api/rateLimit';
import { REFUSED, type EventList, type ListedEvent, type Page, type Span } from './eventList';

/** Pages that are asked for at the same time: 7 requests a second that take 2 seconds each */
const SIDE_BY_SIDE = 14;

export interface PageLimits {
	/** The first page to give, by default the very first one */
	first?: number;
	/** How many to read at most */
	count: number;
	/** By `now()`, in ms; no page but the first is asked for later */
	until: number;
	/** Whether to read nothing else if there are more pages */
	allOrNone?: boolean;
}

export interface Pages {
	/** Of the pages up to the first one that is missing */
	events: ListedEvent[];
	/** Whether this is all that there is */
	isWhole: boolean;
	/** The first page that is missing, and why it could not be read */
	next: number;
	problem?: unknown;
}

/** Reads pages until one is the last, each a moment after the one before: as many a second as Kommo allows. */
export async function readPages(
	list: EventList,
	span: Span,
	{ first = 1, count, until, allOrNone = false }: PageLimits,
): Promise<Pages> {
	const pages = new Map<number, Page | { problem: unknown }>();
	const underWay = new Map<number, Promise<unknown>>();
	let end = first + count;
	const read = async (number: number) => {
		const page = await list.readPage(span, number).catch((problem: unknown) => ({ problem }));
		pages.set(number, page);
		underWay.delete(number);
		if ('problem' in page || page.isLast) end = Math.min(end, number + 1);
		return page;
	};
	// The page before the first one says whether there is another one.
	const start = Math.max(1, first - 1);
	if (allOrNone) {
		void read(end).then((page) => {
			if ('events' in page && page.events.length > 0) end = start;
		});
	}
	for (let number = start; number < end && (number === start || now() < until); number++) {
		const page = read(number);
		underWay.set(number, page);
		// Mostly there is one page only, but not where there may be too many.
		const isAlone = number === start && !allOrNone;
		await Promise.race(isAlone ? [page] : [page, sleep(DISTANCE)]);
		if (underWay.size >= SIDE_BY_SIDE) await Promise.race(underWay.values());
	}
	// What is behind the last page is not waited for.
	await Promise.all([...underWay].filter(([number]) => number < end).map(([, page]) => page));

	const events: ListedEvent[] = [];
	for (let next = start, isLinked = true; ; next++) {
		const page = next < end ? pages.get(next) : undefined;
		if (!page) return { events, isWhole: false, next };
		if ('problem' in page) {
			// Behind a full page that links no other, Kommo may say that there is none.
			const isWhole = !isLinked && isRefused(page.problem, REFUSED);
			return { events, isWhole, next, ...(!isWhole && page) };
		}
		if (next >= first) events.push(...page.events);
		if (page.isLast) return { events, isWhole: true, next };
		isLinked = page.isLinked;
	}
}
