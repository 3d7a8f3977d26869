import { codeOf } from '../events';
import { byTime, type ListedEvent } from './eventList';

/**
 * What n8n keeps of the trigger between polls, as JSON. Its times are Unix seconds of Kommo's clock, but for
 * `since`: a clock that is set back must not bring events again.
 */
export interface Memory {
	/** For each chosen type when it was chosen; what happened before is not given */
	since: Record<string, number>;
	/** From here on events are read again, for those that show up late */
	from: number;
	/** Up to here, but not of this second, everything has been read once */
	unread: number;
	/** The ids of the events given from `from` on, by their second */
	given: Record<string, string[]>;
	/** How many polls in a row have failed: each halves what the next one reads of a backlog */
	failures: number;
}

/** How late an event may show up in the list, in seconds */
export const OVERLAP = 5 * 60;

/** About 30 bytes each */
const MAX_GIVEN = 10_000;

/** The memory of a trigger that starts now. */
export function startAt(now: number): Memory {
	return { since: {}, from: now, unread: now, given: {}, failures: 0 };
}

/** The memory when these types are chosen: new ones begin now. */
export function choose(memory: Memory, types: readonly string[], now: number): Memory {
	const since = Object.fromEntries(types.map((type) => [type, memory.since[type] ?? now]));
	return { ...memory, since };
}

/** Those of the events that have not been given, each once, the oldest first. */
export function listNew(
	events: readonly ListedEvent[],
	{ since, from, given }: Memory,
): ListedEvent[] {
	const known = new Set(Object.values(given).flat());
	const found = events.filter(({ id, type, created_at }) => {
		const start = since[codeOf({ event: type }) ?? ''];
		if (start === undefined || created_at < Math.max(start, from) || known.has(id)) return false;
		known.add(id);
		return true;
	});
	return found.sort(byTime);
}

/**
 * The memory after a poll.
 *
 * @param events all that were given
 * @param progress.unread the same, now
 * @param progress.isSettled whether what had been read before was read again
 */
export function remember(
	memory: Memory,
	events: readonly ListedEvent[],
	{ unread, isSettled }: { unread: number; isSettled: boolean },
): Memory {
	const given: Record<string, string[]> = {};
	for (const [second, ids] of Object.entries(memory.given)) given[second] = [...ids];
	for (const { created_at, id } of events) (given[created_at] ??= []).push(id);

	let from = isSettled ? Math.max(memory.from, unread - OVERLAP) : memory.from;
	const seconds = Object.keys(given)
		.map(Number)
		.sort((a, b) => b - a);
	let count = 0;
	for (const second of seconds) {
		count += given[second]!.length;
		// More than that is no longer read again, so that nothing of it is given twice.
		if (count > MAX_GIVEN && second < seconds[0]!) from = Math.max(from, second + 1);
		if (second < from) delete given[second];
	}
	return { ...memory, from, unread, given, failures: 0 };
}
