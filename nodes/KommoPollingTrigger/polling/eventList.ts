import type { KommoApi } from '../../shared/api/client';
import type { RetryLimits } from '../../shared/api/deadline';
import { readPage } from '../../shared/api/pages';
import { KommoApiError, UNEXPECTED_ANSWER } from '../../shared/api/problem';
import type { JsonMap } from '../../shared/events/json';

/** How many events Kommo gives on one page; Kommo allows 250, amoCRM 100 */
export const EVENTS_PER_PAGE = 100;

/** An event as Kommo lists it */
export interface ListedEvent extends JsonMap {
	/** A ULID */
	id: string;
	/** e.g. `lead_status_changed` */
	type: string;
	/** Unix seconds */
	created_at: number;
}

/** A span of time in Unix seconds, both ends included; without an end it is open */
export interface Span {
	from?: number;
	to?: number;
}

export interface Page {
	events: ListedEvent[];
	hasNext: boolean;
}

/** Reads a page of the events in a span. Kommo promises no order. */
export type ReadPage = (span: Span, page: number) => Promise<Page>;

/**
 * https://developers.kommo.com/reference/events-list
 *
 * @param types only events of these
 */
export function openEventList(
	api: KommoApi,
	types: readonly string[],
	limits: RetryLimits,
): ReadPage {
	return async ({ from, to }, page) => {
		const query = {
			'filter[type]': types.join(','),
			...(from !== undefined && { 'filter[created_at][from]': String(from) }),
			...(to !== undefined && { 'filter[created_at][to]': String(to) }),
		};
		const list = {
			path: 'events',
			key: 'events',
			query: Object.entries(query),
			limit: EVENTS_PER_PAGE,
		};
		const { entries, hasNext } = await readPage(api, list, page, limits);
		return { events: entries.map(toListedEvent), hasNext };
	};
}

/** All events in a span, page by page. */
export async function readAll(readPage: ReadPage, span: Span): Promise<ListedEvent[]> {
	const events: ListedEvent[] = [];
	for (let number = 1; ; number++) {
		const page = await readPage(span, number);
		events.push(...page.events);
		if (!page.hasNext) return events;
	}
}

export function byTime(a: ListedEvent, b: ListedEvent): number {
	return a.created_at - b.created_at || (a.id < b.id ? -1 : Number(a.id > b.id));
}

function toListedEvent(entry: JsonMap): ListedEvent {
	const { id, type, created_at } = entry;
	if (typeof id !== 'string' || typeof type !== 'string' || typeof created_at !== 'number') {
		throw new KommoApiError(UNEXPECTED_ANSWER);
	}
	return { ...entry, id, type, created_at };
}
