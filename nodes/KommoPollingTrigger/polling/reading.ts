import { now } from '../../shared/api/deadline';
import { readAll, type ListedEvent, type Page, type ReadPage, type Span } from './eventList';
import type { Memory } from './memory';

/** What a poll has read of the list */
export interface Reading {
	events: ListedEvent[];
	/** From here on the next poll has to read, in Unix seconds */
	unread: number;
	/** Whether what had been read before was read again, for what has shown up late */
	isSettled: boolean;
}

/** How many pages one poll reads at most: 5,000 events */
const MAX_PAGES = 50;

/** About how many requests it takes to find the end of a slice of a backlog */
const REQUESTS_FOR_END = 20;

/**
 * Reads what may be new: all of it, or of a backlog a slice, the oldest first, that can be read in time.
 *
 * @param timeLimit for the whole, in ms
 * @param clock in Unix seconds
 */
export async function readOn(
	readPage: ReadPage,
	{ from, unread, failures }: Memory,
	timeLimit: number,
	clock: number,
): Promise<Reading> {
	const started = now();
	const first = await readPage({ from }, 1);
	const newest = Math.max(unread, ...first.events.map(({ created_at }) => created_at));
	if (!first.hasNext) return { events: first.events, unread: newest, isSettled: true };

	const list = { readPage, pages: countPages(timeLimit, now() - started, failures) };
	if (await fits(list, { from })) {
		const events = await readAll(readPage, { from });
		return { events, unread: newestOf(events, unread), isSettled: true };
	}

	const slice = await readSlice(list, unread, Math.max(clock, newest));
	const late = await readAgain(readPage, { from, to: unread });
	return {
		events: [...slice.events, ...late.events],
		unread: slice.unread,
		isSettled: late.isComplete,
	};
}

interface List {
	readPage: ReadPage;
	/** How many of its pages can be read in time */
	pages: number;
}

/** @param latency of one request, in ms */
function countPages(timeLimit: number, latency: number, failures: number): number {
	const pages = Math.min(timeLimit / latency - REQUESTS_FOR_END, MAX_PAGES);
	return Math.max(Math.floor(pages / 2 ** failures), 1);
}

async function fits({ readPage, pages }: List, span: Span): Promise<boolean> {
	const { events } = await readPage(span, pages + 1);
	return events.length === 0;
}

/** @param latest how late an event can be */
async function readSlice(
	list: List,
	from: number,
	latest: number,
): Promise<Pick<Reading, 'events' | 'unread'>> {
	const to = await findEnd(list, from, latest);
	const events = await readAll(list.readPage, { from, to });
	if (to === undefined) return { events, unread: newestOf(events, from) };
	// What follows an empty slice is a second that does not fit, so it comes at once.
	return events.length > 0 ? { events, unread: to + 1 } : await readSlice(list, to + 1, latest);
}

/** The last second up to which the list can be read in time, and at least one more; nothing if that is all of it. */
async function findEnd(list: List, from: number, latest: number): Promise<number | undefined> {
	if (await fits(list, { from })) return undefined;
	let [end, tooLate] = [from + 1, latest + 1];
	while (tooLate - end > 1) {
		const middle = Math.floor((end + tooLate) / 2);
		if (await fits(list, { from, to: middle })) end = middle;
		else tooLate = middle;
	}
	return end;
}

/** What is read until it fails: the next poll reads it again. */
async function readAgain(
	readPage: ReadPage,
	span: Span,
): Promise<{ events: ListedEvent[]; isComplete: boolean }> {
	const events: ListedEvent[] = [];
	const keep: ReadPage = async (...asked): Promise<Page> => {
		const page = await readPage(...asked);
		events.push(...page.events);
		return page;
	};
	const isComplete = await readAll(keep, span).then(
		() => true,
		() => false,
	);
	return { events, isComplete };
}

function newestOf(events: readonly ListedEvent[], start: number): number {
	return events.reduce((newest, { created_at }) => Math.max(newest, created_at), start);
}
