import { ACCOUNT_ID } from '../accountRecords';
import { USER } from './users';
import { json, list, type Answer } from './answers';

/** An event as Kommo's API lists it */
export interface ListedEvent {
	id: string;
	type: string;
	entity_id: number;
	entity_type: string;
	created_by: number;
	/** Unix seconds */
	created_at: number;
	account_id: number;
	value_after: object[];
	value_before: object[];
}

const MAX_LIMIT = 250;

/** Kommo's list of events, https://developers.kommo.com/reference/events-list */
export class Events {
	/** Each with a rank, which gives them an order without meaning */
	private readonly listed: Array<{ event: ListedEvent; rank: number }> = [];

	/** The latest result, for its other pages */
	private latest: { key: string; found: ListedEvent[] } = { key: '', found: [] };

	/** The order of the list: Kommo promises none */
	order: 'oldestFirst' | 'newestFirst' | 'none' = 'none';

	/** Adds an event to the list. Its other fields are those of a stage change. */
	happen(event: Partial<ListedEvent> = {}): ListedEvent {
		const number = this.listed.length + 1;
		const entry: ListedEvent = {
			id: `01pz58t6p04ymgsgf${String(number).padStart(9, '0')}`,
			type: 'lead_status_changed',
			entity_id: number,
			entity_type: 'lead',
			created_by: USER.id,
			created_at: Math.floor(Date.now() / 1000),
			account_id: ACCOUNT_ID,
			value_before: [{ lead_status: { id: 10, pipeline_id: 7 } }],
			value_after: [{ lead_status: { id: 142, pipeline_id: 7 } }],
			...event,
		};
		this.listed.push({ event: entry, rank: (number * 2_654_435_761) % 4_294_967_296 });
		return entry;
	}

	answer(query: URLSearchParams): Answer {
		const limit = Number(query.get('limit') ?? 100);
		const page = Number(query.get('page') ?? 1);
		if (limit > MAX_LIMIT) return json(400, { title: 'Bad Request', status: 400 });
		const found = this.find(query);
		const hasNext = found.length > page * limit;
		return list(
			'events',
			found.slice((page - 1) * limit, page * limit),
			hasNext ? `https://acme.kommo.com/api/v4/events?page=${page + 1}` : undefined,
		);
	}

	private find(query: URLSearchParams): ListedEvent[] {
		const types = query.get('filter[type]')?.split(',');
		const from = Number(query.get('filter[created_at][from]') ?? -Infinity);
		const to = Number(query.get('filter[created_at][to]') ?? Infinity);
		const key = [types, from, to, this.order, this.listed.length].join(' ');
		if (this.latest.key === key) return this.latest.found;
		const found = this.listed.filter(
			({ event: { type, created_at } }) =>
				created_at >= from &&
				created_at <= to &&
				(!types || types.includes(type.replace(/^custom_field_\d+_/, 'custom_field_'))),
		);
		this.latest = { key, found: this.sort(found).map(({ event }) => event) };
		return this.latest.found;
	}

	private sort(events: typeof this.listed): typeof this.listed {
		if (this.order === 'none') return events.sort((a, b) => a.rank - b.rank);
		const direction = this.order === 'oldestFirst' ? 1 : -1;
		return events.sort((a, b) => direction * (a.event.created_at - b.event.created_at));
	}
}
