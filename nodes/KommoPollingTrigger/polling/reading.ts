import { now } from '../../shared/api/deadline';
import { isRefused } from '../../shared/api/pages';
import { KommoApiError } from '../../shared/api/problem';
import { DISTANCE } from '../../shared/api/rateLimit';
import { LEAVE_OUT, REFUSED, type EventList, type ListedEvent } from '../list/eventList';
import { readPages } from '../list/readPages';
import { MAX_GIVEN, type Memory } from './memory';

/** What a poll has read of the list */
export interface Reading {
	events: ListedEvent[];
	/** Everything before this second is read, in Unix seconds */
	time: number;
	/** In a backlog, how much time to read next, in seconds */
	width?: number | undefined;
	/** Why no more was read */
	problem?: unknown;
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
 * As shares of `count`: a window may have up to MANY. If fewer than FEW are still wanted, another window is
 * not worth it.
 */
const [MANY, FEW] = [1.2, 0.1];

const TOO_MANY = `Kommo lists more events of one second than a poll can read. ${LEAVE_OUT}`;

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
	const { events, isLast } = await list.readPage({ from: memory.time }, 1);
	// The last second in which no more events show up
	const settled = list.time - limits.lookBack;
	if (isLast) return { events, time: Math.max(memory.time, settled + 1) };

	// Mostly there is one page of newer events. Side by side with the backlog, it takes no time.
	const { until } = limits;
	const newerPage = readPages(list, { from: settled + 1 }, { count: 1, until });
	const backlog = await readBacklog(list, memory, settled, limits);
	const { time } = backlog;
	if (time <= settled) return backlog;
	// As many as can be remembered
	const count = countPages(list, MAX_GIVEN);
	const page = await newerPage;
	const newer = page.isWhole ? page : await readPages(list, { from: time }, { count, until });
	return { events: [...backlog.events, ...newer.events], time, problem: newer.problem };
}

/** Reads up to `settled` and no further, or until there is enough or no more time. */
async function readBacklog(
	list: EventList,
	{ time: start, width = Infinity }: Memory,
	settled: number,
	{ count, until }: ReadLimits,
): Promise<Reading> {
	const events: ListedEvent[] = [];
	const halfTime = (now() + until) / 2;
	let time = start;
	while (time <= settled) {
		const wanted = 1 - events.length / count;
		const isEnough = wanted < FEW || now() > halfTime;
		if (isEnough && time > start) break;
		const length = Math.min(Math.ceil(wanted * width), settled + 1 - time);
		const isSecond = length === 1;
		const inTime = Math.max(1, Math.floor((until - now()) / DISTANCE));
		const window = await readPages(
			list,
			{ from: time, to: time + length - 1 },
			isSecond
				? { count: inTime, until }
				: { count: Math.min(inTime, countPages(list, MANY * count)), until, allOrNone: true },
		);
		if (window.isWhole) {
			events.push(...window.events);
			const aim = Math.ceil((count * length) / Math.max(1, window.events.length));
			[time, width] = [time + length, Math.min(aim, 2 * width)];
		} else if (isSecond) {
			// A part of it counts too: the next poll knows what has been given.
			const isCut = !window.problem || (window.events.length > 0 && now() >= until);
			const problem = isCut ? new KommoApiError(TOO_MANY) : window.problem;
			return { events: [...events, ...window.events], time, width: 1, problem };
		} else {
			width = Math.ceil(length / 4 / wanted);
			const { problem } = window;
			const isTooDeep = isRefused(problem, REFUSED);
			if ((problem && !isTooDeep) || now() >= until) return { events, time, width, problem };
		}
	}
	return { events, time, width };
}

function countPages({ pageSize }: EventList, count: number): number {
	return Math.ceil(count / pageSize);
}
