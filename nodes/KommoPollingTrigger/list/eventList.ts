import type { KommoApi } from '../../shared/api/client';
import type { RetryLimits } from '../../shared/api/deadline';
import { isRefused, readPage } from '../../shared/api/pages';
import { KommoApiError, UNEXPECTED_ANSWER } from '../../shared/api/problem';
import { readReasons, refusals } from '../../shared/api/refusals';
import type { JsonMap } from '../../shared/events/json';
import { CHOICES } from '../events';
import { findRefused } from './refusedType';

/** An event as Kommo lists it */
export interface ListedEvent extends JsonMap {
	/** A ULID */
	id: string;
	/** e.g. `lead_status_changed` */
	type: string;
	/** Unix seconds */
	created_at: number;
}

/** What to list. `from` and `to` are Unix seconds, both included. Without `to`, the list has no end. */
export interface Span {
	from: number;
	to?: number;
}

export interface EventPage {
	events: ListedEvent[];
	isLast: boolean;
	/** Whether Kommo says that there is another page */
	isLinked: boolean;
}

/** What Kommo answers if it does not know a type */
const UNKNOWN = [400, 422];

/** What Kommo answers if it does not know a type, or if a page is behind the last one */
export const REFUSED = [...UNKNOWN, 404];

/** What to do when the trigger cannot get further */
export const LEAVE_OUT =
	"To leave out everything so far, turn on Start From Now (with n8n's durable scheduler, replace the trigger with a copy of it instead), unpublish the workflow, and publish it.";

const UNREADABLE = [
	'Kommo refused a page of its list of events',
	`The next poll asks again. If this keeps happening, choose fewer events in Trigger On. ${LEAVE_OUT}`,
] as const;

const REFUSALS = refusals({ 400: UNREADABLE, 422: UNREADABLE });

/**
 * https://developers.kommo.com/reference/events-list and, with smaller pages,
 * https://www.amocrm.ru/developers/content/crm_platform/events-and-notes. Neither promises an order.
 */
export class EventList {
	/** How many events to request of a page: Kommo may give fewer. */
	readonly pageSize: number;

	/** Kommo's time at its first answer, in Unix seconds; n8n's time if Kommo does not tell its own */
	time = Infinity;

	/** @param types the chosen types */
	constructor(
		private readonly api: KommoApi,
		private readonly types: readonly string[],
		private readonly limits: RetryLimits,
	) {
		this.pageSize = api.host.endsWith('.kommo.com') ? 250 : 100;
	}

	/** @throws KommoApiError */
	async readPage(span: Span, number: number): Promise<EventPage> {
		const page = await this.read(span, number).catch(async (error: unknown) => {
			if (number > 1 || !isRefused(error, UNKNOWN)) throw error;
			throw await this.explain(error as KommoApiError, span);
		});
		const { entries, isLinked, date = Math.floor(Date.now() / 1000) } = page;
		if (this.time === Infinity) this.time = date;
		const isLast = !page.hasNext || entries.length === 0;
		return { events: entries.map(toListedEvent), isLast, isLinked };
	}

	private async read({ from, to }: Span, number: number, types = this.types) {
		const query = [
			['filter[type]', types.join(',')],
			['filter[created_at][from]', String(from)],
			...(to === undefined ? [] : [['filter[created_at][to]', String(to)] as const]),
		] as const;
		const paging = { limit: this.pageSize, bulk: number > 1, refusals: REFUSALS };
		const list = { path: 'events', key: 'events', query, ...paging };
		return await readPage(this.api, list, number, this.limits);
	}

	/** Finds the type that Kommo refuses, and names it. */
	private async explain(error: KommoApiError, span: Span): Promise<KommoApiError> {
		const type = await findRefused(this.types, async (types) => {
			return await this.read(span, 1, types).then(
				() => true,
				(problem) => !isRefused(problem, UNKNOWN),
			);
		});
		if (type === undefined) return error;
		const name = CHOICES.find(({ code }) => code === type)?.name ?? type;
		const reason = readReasons(error.answer?.body);
		return new KommoApiError(
			`Kommo refuses the event ${name} (${type})${reason && `: ${reason}`}. Remove it from Trigger On, then publish again.`,
			error.answer,
		);
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
