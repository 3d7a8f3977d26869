import type { KommoApi } from '../../shared/api/client';
import type { RetryLimits } from '../../shared/api/deadline';
import { isRefused, readPage } from '../../shared/api/pages';
import { KommoApiError, UNEXPECTED_ANSWER } from '../../shared/api/problem';
import type { JsonMap } from '../../shared/events/json';
import { explainRefusal } from './refusedTypes';

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
	from: number;
	to?: number;
}

export interface Page {
	events: ListedEvent[];
	isLast: boolean;
	/** Kommo's clock, or n8n's where Kommo does not tell, in Unix seconds */
	time: number;
}

export interface EventList {
	/** How many events a page has at most */
	pageSize: number;
	/** @throws KommoApiError */
	readPage(span: Span, number: number): Promise<Page>;
}

/**
 * https://developers.kommo.com/reference/events-list and, with smaller pages,
 * https://www.amocrm.ru/developers/content/crm_platform/events-and-notes. Neither promises an order.
 *
 * @param types only events of these
 */
export function openEventList(
	api: KommoApi,
	types: readonly string[],
	limits: RetryLimits,
): EventList {
	const limit = api.host.endsWith('.kommo.com') ? 250 : 100;
	const read = async (span: Span, number: number, some: readonly string[]) => {
		const bounds = [
			['filter[created_at][from]', span.from],
			['filter[created_at][to]', span.to],
		] as const;
		const query = bounds
			.filter(([, second]) => second !== undefined)
			.map(([name, second]) => [name, String(second)] as const);
		const filter = ['filter[type]', some.join(',')] as const;
		const list = { path: 'events', key: 'events', limit, query: [filter, ...query] };
		return await readPage(api, { ...list, bulk: number > 1 }, number, limits);
	};
	return {
		pageSize: limit,
		async readPage(span, number) {
			const page = await read(span, number, types).catch(async (error: unknown) => {
				if (!isRefused(error, [400, 404, 422])) throw error;
				// Behind the last page, Kommo may say that there is none.
				if (number > 1) return { entries: [], hasNext: false, date: undefined };
				const tryTypes = async (some: readonly string[]) => await read(span, 1, some);
				throw await explainRefusal(error as KommoApiError, types, tryTypes);
			});
			const { entries, hasNext, date = Math.floor(Date.now() / 1000) } = page;
			// Kommo may give fewer than asked for.
			if (hasNext && entries.length > 0) this.pageSize = Math.min(this.pageSize, entries.length);
			return { events: entries.map(toListedEvent), isLast: !hasNext, time: date };
		},
	};
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
