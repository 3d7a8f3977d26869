import { createHash } from 'node:crypto';

import { codeOf } from '../events';
import { byTime, type ListedEvent } from '../list/eventList';

/** What n8n keeps of the trigger between polls, as JSON. Its times are Unix seconds of Kommo's clock. */
export interface Memory {
	/** The ids of the node and of the n8n that it belongs to */
	node: string;
	instance: string;
	/** Counts the polls; of two memories of a node, the higher one is newer */
	poll: number;
	/** For each chosen type when it was chosen; what happened before is not given */
	since: Record<string, number>;
	/** Everything that happened before this second is done with */
	time: number;
	/** Of the events given from `time` on, the shortened ids by their second, one behind the other */
	given: Record<string, string>;
	/** Only while there is one */
	backlog?: Backlog;
}

/** What to read first of a backlog */
export interface Backlog {
	/** In seconds from `time` on; no further events show up there */
	width: number;
	/** The pages before this one are done with */
	page: number;
}

/** In characters; of 10,000 ids, two are shortened alike once in ten million times. */
const SHORT = 8;

/** How many ids are remembered of events that are not settled. More of them wait until they are, minutes later. */
export const MAX_GIVEN = 10_000;

/** The memory with these types: new ones begin now. */
export function withTypes(memory: Memory, types: readonly string[], now: number): Memory {
	const since = Object.fromEntries(types.map((type) => [type, memory.since[type] ?? now]));
	return { ...memory, since };
}

/**
 * Those of the events that have not been given, each once, the oldest first.
 *
 * @param settled up to this second, no further events show up; of later ones, only as many as can be remembered
 */
export function listNew(
	events: readonly ListedEvent[],
	{ since, time, given }: Memory,
	settled: number,
): ListedEvent[] {
	const known = new Set(Object.values(given).flatMap(split));
	let room = MAX_GIVEN - known.size;
	const found = events.filter(({ id, type, created_at }) => {
		const start = since[codeOf({ event: type }) ?? ''];
		const short = shorten(id);
		if (start === undefined || created_at < Math.max(start, time) || known.has(short)) return false;
		known.add(short);
		return true;
	});
	return found.sort(byTime).filter(({ created_at }) => created_at <= settled || room-- > 0);
}

/**
 * The memory after a poll that read up to `time`. What it has given of a backlog is not read again, unless it could not
 * give all that it found.
 *
 * @param count how many of the events found it has given, the first ones
 */
export function remember(
	memory: Memory,
	{ time, backlog }: { time: number; backlog?: Backlog },
	found: readonly ListedEvent[],
	count: number,
): Memory {
	const next = found[count];
	const end = Math.min(time, next?.created_at ?? Infinity);
	const kept = Object.entries(memory.given).filter(([second]) => Number(second) >= end);
	const given = Object.fromEntries(kept);
	const after = { ...memory, poll: memory.poll + 1, time: end, given };
	if (!next && backlog) return { ...after, backlog };
	for (const { created_at, id } of found.slice(0, count)) {
		if (created_at >= end) given[created_at] = (given[created_at] ?? '') + shorten(id);
	}
	const again = end === memory.time ? memory.backlog : backlog && { ...backlog, page: 1 };
	return { ...after, backlog: next && again };
}

function shorten(id: string): string {
	return createHash('sha256').update(id).digest('base64').slice(0, SHORT);
}

function split(ids: string): string[] {
	return ids.match(new RegExp(`.{${SHORT}}`, 'g')) ?? [];
}
