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

/** Of the time that is left, for a slice; the rest is for finding its end, and for what shows up late */
const SHARE_FOR_SLICE = 2 / 3;

/** Of the whole time, to find an end of a slice that is at most twice as far, and the best one */
const SHARE_FOR_SEARCH = { good: 1 / 3, best: 1 / 4 };

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
	const list = openList(readPage, timeLimit, failures);
	const first = await list.readPage({ from }, 1);
	const newest = Math.max(unread, ...first.events.map(({ created_at }) => created_at));
	if (!first.hasNext) return { events: first.events, unread: newest, isSettled: true };

	if (await fits(list, { from })) {
		const events = await readAll(list.readPage, { from });
		return { events, unread: newestOf(events, unread), isSettled: true };
	}

	const slice = await readSlice(list, unread, Math.max(clock, newest));
	const late = await readAgain(list.readPage, { from, to: unread });
	return {
		events: [...slice.events, ...late.events],
		unread: slice.unread,
		isSettled: late.isComplete,
	};
}

interface List {
	readPage: ReadPage;
	/** How many pages of a slice can be read in the time that is left */
	countPages(): number;
	/** Of the whole time, from 0 on */
	timeSpent(): number;
}

function openList(readPage: ReadPage, timeLimit: number, failures: number): List {
	const started = now();
	let requests = 0;
	return {
		async readPage(span, page) {
			requests++;
			return await readPage(span, page);
		},
		countPages() {
			const spent = now() - started;
			const pages = ((timeLimit - spent) * SHARE_FOR_SLICE * requests) / spent;
			return Math.max(Math.floor(Math.min(pages, MAX_PAGES) / 2 ** failures), 1);
		},
		timeSpent: () => (now() - started) / timeLimit,
	};
}

async function fits({ readPage, countPages }: List, span: Span): Promise<boolean> {
	const { events } = await readPage(span, countPages() + 1);
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
	// What follows an empty slice comes at once, if there is time.
	const isDone = events.length > 0 || list.timeSpent() > 1 / 2;
	return isDone ? { events, unread: to + 1 } : await readSlice(list, to + 1, latest);
}

/** About the last second up to which the list can be read in time, and at least one more; nothing if that is all of it. */
async function findEnd(list: List, from: number, latest: number): Promise<number | undefined> {
	if (await fits(list, { from })) return undefined;
	let [end, tooLate] = [from + 1, latest + 1];
	const goesOn = () => {
		if (end === from + 1) return true;
		const isGood = tooLate - from <= 2 * (end - from);
		return list.timeSpent() < SHARE_FOR_SEARCH[isGood ? 'best' : 'good'];
	};
	while (tooLate - end > 1 && goesOn()) {
		// The geometric mean finds the order of magnitude first.
		const middle = from + Math.ceil(Math.sqrt((end - from) * (tooLate - 1 - from)));
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
