import { now } from '../../shared/api/deadline';
import { isRefused } from '../../shared/api/pages';
import { DISTANCE } from '../../shared/api/rateLimit';
import { REFUSED, type EventList, type ListedEvent, type Span } from '../list/eventList';
import { readPages, type Pages } from '../list/readPages';
import { MAX_GIVEN, type Backlog, type DonePages, type Memory } from './memory';

/** What a poll has read of the list */
export interface Reading {
	events: ListedEvent[];
	/** Everything before this second is read, in Unix seconds */
	time: number;
	/** What is left of a backlog */
	backlog?: Backlog;
	/** Why no more was read */
	problem?: unknown;
}

/**
 * As shares of `count`: a window may have up to MANY. If fewer than FEW are still wanted, another window is
 * not worth it.
 */
const [MANY, FEW] = [1.2, 0.1];

/** What was read of a window */
interface ReadWindow extends Pages {
	/** Of a single second: what is done with it */
	done?: DonePages | undefined;
}

/** How much to read */
interface ReadLimits {
	/** How many events to aim at */
	count: number;
	/** How late an event may show up, in seconds */
	lookBack: number;
	/** By `now()`, in ms */
	until: number;
}

/**
 * Reads what may be new, but of a backlog only the oldest part. When an event shows up while pages are read,
 * another event can be missed. So the next poll reads again what may still change. Everything older is read
 * in windows of time. After a window with too many events, the next one is a quarter as long. After one with
 * few events, it is longer.
 */
export async function readNextPart(
	list: EventList,
	memory: Memory,
	limits: ReadLimits,
): Promise<Reading> {
	if (memory.backlog) return await readBacklog(list, memory, memory.backlog, limits);
	const { time } = memory;
	const { events, isLast } = await list.readPage({ from: time }, 1);
	if (!isLast) return await readBacklog(list, memory, { width: Infinity }, limits);
	return { events, time: Math.max(time, lastSettled(list, limits) + 1) };
}

/** The last second in which no more events show up */
function lastSettled(list: EventList, { lookBack }: ReadLimits): number {
	return list.time - lookBack;
}

async function readBacklog(
	list: EventList,
	memory: Memory,
	start: Backlog,
	limits: ReadLimits,
): Promise<Reading> {
	const { count, until } = limits;
	let { time } = memory;
	let { width } = start;
	let done = start.done?.host === list.host ? start.done : undefined;
	// A second that is done in part stays settled, even if Look Back has become longer.
	const earliest = done ? memory.time : -Infinity;
	const settled = () => Math.max(lastSettled(list, limits), earliest);
	const events: ListedEvent[] = [];
	const stop = (problem?: unknown): Reading => {
		const backlog = { width: Math.min(width, settled() + 1 - time), ...(done && { done }) };
		return { events, time, backlog, problem };
	};
	let rest: Promise<Pages> | undefined;
	const halfTime = (now() + until) / 2;
	while (time <= settled()) {
		const wanted = 1 - events.length / count;
		if (time > memory.time && (wanted < FEW || now() > halfTime)) return stop();
		const length = Math.min(Math.ceil(wanted * width), settled() + 1 - time);
		const isSecond = length === 1;
		// Reads the newest events side by side with the last window: mostly one page, so there is no wait at the
		// end.
		const isLast = time + length > settled();
		if (isLast) rest ??= readPages(list, { from: settled() + 1 }, { count: 1, until });
		const { isWhole, next, problem, ...window } = isSecond
			? await readSecond(list, time, done, limits)
			: await readWindow(list, { from: time, to: time + length - 1 }, limits);
		// Of a single second, a part counts too. The next poll continues after it.
		if (isWhole || isSecond) events.push(...window.events);
		if (isWhole) {
			const aim = Math.ceil((count * length) / Math.max(1, window.events.length));
			[time, width, done] = [time + length, Math.min(aim, 2 * width), undefined];
		} else if (isSecond) {
			[width, done] = [1, window.done];
			return stop(problem);
		} else {
			// With a smaller window, the next poll may get further. If it cannot, this poll has failed.
			const maySucceed = window.events.length > 0 || width < start.width;
			width = Math.ceil(length / 4 / wanted);
			const isTooDeep = next > 1 && isRefused(problem, REFUSED);
			if ((problem && !isTooDeep) || now() >= until) return stop(maySucceed ? undefined : problem);
		}
	}
	const early = await rest;
	const newest = early?.isWhole ? early : await readNewest(list, time, until);
	return { events: [...events, ...newest.events], time, problem: newest.problem };
}

/** Reads a window of time: all of it, or nothing if it has too many events. */
async function readWindow(list: EventList, span: Span, limits: ReadLimits): Promise<ReadWindow> {
	const count = countPages(list, MANY, limits);
	return await readPages(list, span, { count, until: limits.until, allOrNone: true });
}

/**
 * Reads as much of a second as a poll can give, behind the pages that are done. They stay done when the chosen
 * types change, or when Kommo's pages get another size, as the first page shows.
 */
async function readSecond(
	list: EventList,
	second: number,
	done: DonePages | undefined,
	limits: ReadLimits,
): Promise<ReadWindow> {
	const { types, host } = done ?? list;
	const { until } = limits;
	const span = { from: second, to: second, types };
	const skipped = done ? done.count * done.size : 0;
	const start = await readPages(list, span, { count: 1, until });
	if (start.isWhole || start.problem) {
		return { ...start, events: start.events.slice(skipped), done };
	}
	const size = start.events.length;
	const first = Math.floor(skipped / size) + 1;
	const pages = await readPages(list, span, { first, count: countPages(list, 1, limits), until });
	const { next } = pages;
	return {
		...pages,
		events: pages.events.slice(skipped % size),
		done: next > first ? { count: next - 1, size, types, host } : done,
	};
}

/** How many pages to read: this share of the events that a poll may give, as far as time allows */
function countPages(list: EventList, share: number, { count, until }: ReadLimits): number {
	const inTime = (until - now()) / DISTANCE;
	return Math.max(1, Math.floor(Math.min((share * count) / list.pageSize, inTime)));
}

/** Reads all events from this second on, as many as can be remembered. */
async function readNewest(list: EventList, time: number, until: number): Promise<Pages> {
	const count = Math.ceil(MAX_GIVEN / list.pageSize) + 1;
	return await readPages(list, { from: time }, { count, until });
}
