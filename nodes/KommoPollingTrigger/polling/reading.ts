import { now } from '../../shared/api/deadline';
import { isRefused } from '../../shared/api/pages';
import { DISTANCE } from '../../shared/api/rateLimit';
import { REFUSED, type EventList, type ListedEvent } from '../list/eventList';
import { readPages, type Pages } from '../list/readPages';
import { MAX_GIVEN, type Backlog, type Memory } from './memory';

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

/** Of the events aimed at: a window has so many more at most, and so few are not worth another window. */
const [MANY, FEW] = [1.2, 0.1];

/**
 * Reads what may be new: all of it, or of a backlog the oldest part. Pages that are read one after the other, or side
 * by side, miss an event when another one shows up meanwhile. So what may still change is read again by the next poll.
 * The rest is read in windows of time: one with too many events is followed by a quarter of it, one with few by a wider one.
 *
 * @param count how many events to aim at
 * @param lookBack how late an event may show up, in seconds
 * @param until by `now()`, in ms
 */
export async function readOn(
	list: EventList,
	memory: Memory,
	{ count, lookBack, until }: { count: number; lookBack: number; until: number },
): Promise<Reading> {
	const known = memory.backlog ?? { width: Infinity, page: 1 };
	let { time } = memory;
	let { width, page: first } = known;
	/** The last second that does not change any more */
	const settled = () => list.time - lookBack;
	if (!memory.backlog) {
		const { events, isLast } = await list.readPage({ from: time }, 1);
		if (isLast) return { events, time: Math.max(time, settled() + 1) };
	}
	const events: ListedEvent[] = [];
	const stop = (problem?: unknown, page = 1): Reading => {
		const backlog = { width: Math.min(width, settled() + 1 - time), page };
		return { events, time, backlog, problem };
	};
	let rest: Promise<Pages> | undefined;
	const halfTime = (now() + until) / 2;
	while (time <= settled()) {
		const wanted = 1 - events.length / count;
		if (time > memory.time && (wanted < FEW || now() > halfTime)) return stop();
		const length = Math.min(Math.ceil(wanted * width), settled() + 1 - time);
		const isSecond = length === 1;
		const most = ((isSecond ? 1 : MANY) * count) / list.pageSize;
		const inTime = (until - now()) / DISTANCE;
		// Mostly this is all that happened since, so nobody has to wait for it at the end.
		const isLast = time + length > settled();
		if (isLast) rest ??= readPages(list, { from: settled() + 1 }, { count: 1, until });
		const { isWhole, next, problem, ...window } = await readPages(
			list,
			{ from: time, to: time + length - 1 },
			{
				first,
				count: Math.max(1, Math.floor(Math.min(most, inTime))),
				until,
				allOrNone: !isSecond,
			},
		);
		// Of a single second, a part is given, and the next poll goes on behind it.
		if (isWhole || isSecond) events.push(...window.events);
		if (isWhole) {
			const aim = Math.ceil((count * length) / Math.max(1, window.events.length));
			[time, width, first] = [time + length, Math.min(aim, 2 * width), 1];
		} else if (isSecond) {
			width = 1;
			return stop(problem, Math.max(first, next));
		} else {
			// With a smaller window, the next poll may get further. Only where that is not so has this one failed.
			const maySucceed = window.events.length > 0 || width < known.width;
			width = Math.ceil(length / 4 / wanted);
			const isTooDeep = next > 1 && isRefused(problem, REFUSED);
			if ((problem && !isTooDeep) || now() >= until) return stop(maySucceed ? undefined : problem);
		}
	}
	let newest = await rest;
	if (!newest?.isWhole) {
		const limits = { count: Math.ceil(MAX_GIVEN / list.pageSize) + 1, until };
		newest = await readPages(list, { from: time }, limits);
	}
	return { events: [...events, ...newest.events], time, problem: newest.problem };
}
