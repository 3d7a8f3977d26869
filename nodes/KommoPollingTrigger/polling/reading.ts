import { sleep } from 'n8n-workflow';

import { now } from '../../shared/api/deadline';
import { DISTANCE } from '../../shared/api/rateLimit';
import type { EventList, ListedEvent, Span } from './eventList';
import { countGiven, MAX_GIVEN, type Memory } from './memory';

/** What a poll has read of the list */
export interface Reading {
	events: ListedEvent[];
	/** Everything before this second is read, in Unix seconds */
	time: number;
	/** Up to this second, no further events show up */
	settled: number;
	/** How many seconds of a backlog to read first next time; nothing when there is none */
	width?: number;
	/** Why no more was read */
	problem?: unknown;
}

export interface ReadingLimits {
	/** How many events at most; of one second, and of the newest ones, it may be more */
	count: number;
	/** How late an event may show up, in seconds */
	lookBack: number;
	/** By `now()`, in ms */
	deadline: number;
}

/** Pages that are asked for at the same time: 7 requests a second that take 2 seconds each */
const SIDE_BY_SIDE = 14;

/** A window is aimed at the count, and may have some more than that. */
const AIM = 1.02;
const LARGEST = 1.2;

/** Of what is left, for a window of many seconds */
const SHARE_OF_TIME = 3 / 4;

/**
 * Reads what may be new: all of it, or of a backlog the oldest part. Pages that are read one after the other, or side
 * by side, miss an event when another one shows up meanwhile. So what may still change is read again by the next poll.
 */
export async function readOn(
	list: EventList,
	memory: Memory,
	limits: ReadingLimits,
): Promise<Reading> {
	const { time, width } = memory;
	const first = await list.readPage({ from: time }, 1);
	const settled = first.time - limits.lookBack;
	const end = Math.max(time, settled + 1);
	if (first.isLast) return { events: first.events, time: end, settled };

	const known = countGiven(memory);
	const backlog = await readBacklog(list, { from: time, to: settled }, width, known, limits);
	if (backlog.time < end) return { ...backlog, settled };
	const pages = Math.ceil(MAX_GIVEN / list.pageSize) + 1;
	const rest = await readPages(list, { from: end }, pages, limits.deadline);
	return { events: [...backlog.events, ...rest.events], time: end, settled, problem: rest.problem };
}

/** Reads windows of time, the oldest first: one that has too many events is halved, one with few is followed by a wider one. */
async function readBacklog(
	list: EventList,
	{ from, to }: Required<Span>,
	width = Infinity,
	known: number,
	{ count, deadline }: ReadingLimits,
): Promise<Omit<Reading, 'settled'>> {
	const events: ListedEvent[] = [];
	const started = now();
	let [time, seconds, widest] = [from, width, Infinity];
	const isEnough = () => events.length > 0.9 * count || now() > (started + deadline) / 2;
	while (time <= to && (events.length === 0 || !isEnough())) {
		const end = Math.min(time + seconds - 1, to);
		const isSmallest = end === time;
		// Some of the time is left for a smaller window.
		const until = isSmallest ? deadline : now() + SHARE_OF_TIME * (deadline - now());
		const pages = Math.ceil((LARGEST * count + known) / list.pageSize);
		const inTime = Math.floor((until - now()) / DISTANCE);
		const most = isSmallest ? pages : Math.max(1, Math.min(pages, inTime));
		const window = await readPages(list, { from: time, to: end }, most, until, !isSmallest);
		const { isWhole, problem } = window;
		// Of a single second, a part is given: the ids tell it apart from the rest.
		if (isWhole || isSmallest) events.push(...window.events);
		if (!isWhole) {
			seconds = Math.ceil((end - time + 1) / 2);
			const isSlow = now() >= deadline && window.events.length > 0;
			if (isSmallest || isSlow || problem) {
				return { events, time, width: seconds, problem: isSlow ? undefined : problem };
			}
			continue;
		}
		const density = Math.max(1, window.events.length) / (end - time + 1);
		seconds = Math.max(1, Math.floor((AIM * (count - events.length)) / density));
		widest = 2 * (end - time + 1);
		time = end + 1;
	}
	const density = Math.max(1, events.length) / Math.max(1, time - from);
	return { events, time, width: Math.min(Math.ceil((AIM * count) / density), widest) };
}

/**
 * Reads pages until one is the last, each a moment after the one before: as many a second as Kommo allows.
 *
 * @param count how many at most
 * @param until by `now()`, in ms; no page is asked for later
 * @param tries whether to try first if there are more pages than that; then nothing else is read
 */
export async function readPages(
	list: EventList,
	span: Span,
	count: number,
	until: number,
	tries = false,
): Promise<{ events: ListedEvent[]; isWhole: boolean; problem?: unknown }> {
	const events: ListedEvent[] = [];
	const underWay = new Map<number, Promise<boolean>>();
	let [last, failed] = [Infinity, Infinity];
	let problem: unknown;
	/** Whether there are events on the page, or behind it */
	const read = async (number: number): Promise<boolean> => {
		try {
			const page = await list.readPage(span, number);
			events.push(...page.events);
			if (page.isLast) last = Math.min(last, number);
			return page.events.length > 0 || !page.isLast;
		} catch (error) {
			if (number < failed) [failed, problem] = [number, error];
			return false;
		}
	};
	const first = read(1);
	let isTooLarge = false;
	const tried = tries ? read(count + 1).then((isMore) => (isTooLarge = isMore)) : undefined;
	await first;
	for (let number = 2; number <= count && !isTooLarge; number++) {
		if (number >= last || failed < last || now() >= until) break;
		const page = read(number).finally(() => underWay.delete(number));
		underWay.set(number, page);
		await Promise.race([page, sleep(0.95 * DISTANCE)]);
		if (underWay.size >= SIDE_BY_SIDE) await Promise.race(underWay.values());
	}
	// What is behind the last page is not waited for.
	const wanted = [...underWay].filter(([number]) => number <= last).map(([, page]) => page);
	await Promise.all([tried, ...wanted]);
	return {
		events,
		isWhole: !isTooLarge && last < failed && last <= count,
		problem: last < failed ? undefined : problem,
	};
}
