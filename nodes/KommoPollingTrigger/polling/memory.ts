import { createHash } from 'node:crypto';

import { codesOf } from '../events';
import { byTime, type ListedEvent } from '../list/eventList';

/** What n8n stores for the trigger between polls, as JSON. All times are Unix seconds of Kommo's clock. */
export interface Memory {
	/** The ids of the node and of the n8n that it belongs to */
	node: string;
	instance: string;
	/** Counts the polls; of two memories of a node, the higher one is newer */
	poll: number;
	/** For each chosen type, when it was chosen. Earlier events are not given. */
	since: Record<string, number>;
	/** All events before this second are done */
	time: number;
	/** The ids of the events that were given from `time` on, shortened: by second, joined to one text */
	given: Record<string, string>;
	/** Only in a backlog: how much time to read next, in seconds */
	width?: number | undefined;
}

/** In characters. The chance that two of 10,000 ids become equal is one in five million. */
const SHORT = 8;

/**
 * How many ids of recent events are remembered. If there are more, the other events wait some minutes, until
 * no more events show up in their second.
 */
export const MAX_GIVEN = 10_000;

/** The memory with these types. Events of new types count from now on. */
export function withTypes(memory: Memory, types: readonly string[], now: number): Memory {
	const since = Object.fromEntries(types.map((type) => [type, memory.since[type] ?? now]));
	return { ...memory, since };
}

/**
 * The events that have not been given yet, each once, the oldest first.
 *
 * @param settled up to this second, no more events show up. Of later events, it gives only as many as can be
 * remembered.
 */
export function listNew(
	events: readonly ListedEvent[],
	{ since, time, given }: Memory,
	settled: number,
): ListedEvent[] {
	const givenIds = new Set(Object.values(given).flatMap(split));
	let room = MAX_GIVEN - givenIds.size;
	const found = events.filter(({ id, type, created_at }) => {
		const starts = codesOf({ event: type }).flatMap((code) => since[code] ?? []);
		const start = starts.length > 0 ? Math.min(...starts) : undefined;
		const short = shorten(id);
		if (start === undefined || created_at < Math.max(start, time) || givenIds.has(short))
			return false;
		givenIds.add(short);
		return true;
	});
	return found.sort(byTime).filter(({ created_at }) => created_at <= settled || room-- > 0);
}

/**
 * The memory after a poll that read up to `time`.
 *
 * @param count how many of the found events it has given, from the first one on
 */
export function remember(
	memory: Memory,
	{ time, width }: { time: number; width?: number | undefined },
	found: readonly ListedEvent[],
	count: number,
): Memory {
	const end = Math.min(time, found[count]?.created_at ?? Infinity);
	const kept = Object.entries(memory.given).filter(([second]) => Number(second) >= end);
	const given = Object.fromEntries(kept);
	for (const { created_at, id } of found.slice(0, count)) {
		if (created_at >= end) given[created_at] = (given[created_at] ?? '') + shorten(id);
	}
	return { ...memory, poll: memory.poll + 1, time: end, given, width };
}

function shorten(id: string): string {
	return createHash('sha256').update(id).digest('base64').slice(0, SHORT);
}

function split(ids: string): string[] {
	return ids.match(new RegExp(`.{${SHORT}}`, 'g')) ?? [];
}
