import { sleep } from 'n8n-workflow';

import { now } from '../../shared/api/deadline';
import { isRefused } from '../../shared/api/pages';
import { DISTANCE } from '../../shared/api/rateLimit';
import { REFUSED, type EventList, type ListedEvent, type EventPage, type Span } from './eventList';

/** Pages that are asked for at the same time: 7 requests a second that take 2 seconds each */
const SIDE_BY_SIDE = 14;

export interface PageLimits {
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
	/** Why the first missing page could not be read */
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
	{ count, until, allOrNone = false }: PageLimits,
): Promise<Pages> {
	const pages = new Map<number, ReadPage>();
	const underWay = new Map<number, Promise<unknown>>();
	let end = count + 1;
	const read = async (number: number) => {
		const page = await list.readPage(span, number).catch((problem: unknown) => ({ problem }));
		pages.set(number, page);
		underWay.delete(number);
		if ('problem' in page || page.isLast) end = Math.min(end, number + 1);
		return page;
	};
	if (allOrNone) {
		void read(end).then((page) => {
			if ('events' in page && page.events.length > 0) end = 1;
		});
	}
	for (let number = 1; number < end && (number === 1 || now() < until); number++) {
		const page = read(number);
		underWay.set(number, page);
		// Mostly there is only one page, so wait for it. With `allOrNone`, there may be too many.
		const isAlone = number === 1 && !allOrNone;
		await Promise.race(isAlone ? [page] : [page, sleep(DISTANCE)]);
		if (underWay.size >= SIDE_BY_SIDE) await Promise.race(underWay.values());
	}
	// Do not wait for pages behind the last one.
	await Promise.all([...underWay].filter(([number]) => number < end).map(([, page]) => page));

	return joinPages(pages, end);
}

/** Joins the pages up to the first missing one. */
function joinPages(pages: ReadonlyMap<number, ReadPage>, end: number): Pages {
	const events: ListedEvent[] = [];
	for (let number = 1, isLinked = true; ; number++) {
		const page = number < end ? pages.get(number) : undefined;
		if (!page) return { events, isWhole: false };
		if ('problem' in page) {
			// If the page before was full and linked no other, Kommo may answer that there is no such page.
			const isWhole = !isLinked && isRefused(page.problem, REFUSED);
			return { events, isWhole, ...(!isWhole && page) };
		}
		events.push(...page.events);
		if (page.isLast) return { events, isWhole: true };
		isLinked = page.isLinked;
	}
}
