import type { IHttpRequestOptions, IN8nHttpFullResponse } from 'n8n-workflow';

import type { VirtualTime } from '../virtualTime';

interface Listed {
	id: string;
	type: string;
	created_at: number;
	/** Unix seconds */
	visibleFrom: number;
	/** To which stage a lead was moved */
	status_id: number;
	rank: number;
}

/** The share of requests that fail */
export interface Faults {
	share: number;
	/** The time in which all requests fail, in ms */
	downFrom: number;
	downUntil: number;
}

/** Kommo's list of events in virtual time. It can behave in all ways in which Kommo may. */
export class ListedEvents {
	order: 'oldestFirst' | 'newestFirst' | 'none' = 'none';

	/** The most events of a page, whatever the request says */
	largestPage = 250;

	/** Whether a full page links the next one */
	links = true;

	/** Whether a page after the last one is refused */
	refusesPages = false;

	/** The last page that Kommo gives, although it links another one */
	deepestPage = Infinity;

	tellsTime = true;

	/** In ms, from when a request is sent to its answer */
	latency = () => 20;

	/** Where Kommo takes a minute to answer */
	silentPath?: string;

	readonly faults: Faults = { share: 0, downFrom: 0, downUntil: 0 };

	/** Types that Kommo does not take */
	readonly unknownTypes = new Set<string>();

	requests = 0;

	/** The latest result, for its other pages */
	private latest: { key: string; found: Listed[] } = { key: '', found: [] };

	private readonly listed: Listed[] = [];

	/** From this second on, all events have shown up */
	private allVisible = -Infinity;

	constructor(
		private readonly time: VirtualTime,
		private readonly random: () => number = () => 0,
	) {}

	/** @param late when it shows up, in seconds after it happened, or after now if it is dated back or ahead */
	happen({
		type = 'lead_status_changed',
		created_at = this.time.second,
		late = 0,
		status_id = 142,
	} = {}): string {
		const number = this.listed.length + 1;
		const id = `01pz58t6p04ymgsgf${String(number).padStart(9, '0')}`;
		const visibleFrom = this.time.second + late;
		this.allVisible = Math.max(this.allVisible, visibleFrom);
		const rank = (number * 2_654_435_761) % 4_294_967_296;
		this.listed.push({ id, type, created_at, visibleFrom, status_id, rank });
		return id;
	}

	happenOften(count: number, event: Parameters<ListedEvents['happen']>[0] = {}): string[] {
		return Array.from({ length: count }, () => this.happen(event));
	}

	async answer({ url, timeout = 0 }: IHttpRequestOptions): Promise<IN8nHttpFullResponse> {
		this.requests++;
		const isSilent = this.silentPath !== undefined && url.includes(this.silentPath);
		const latency = isSilent ? 60_000 : this.latency();
		await this.time.sleep(Math.min(latency / 2, timeout));
		const answer = this.read(new URL(url));
		await this.time.sleep(Math.min(latency / 2, timeout));
		const { share, downFrom, downUntil } = this.faults;
		const isDown = this.time.now >= downFrom && this.time.now < downUntil;
		const fault = isDown || this.random() < share;
		if (latency > timeout) throw Object.assign(new Error('slow'), { code: 'ECONNABORTED' });
		if (fault) return this.fail();
		return answer;
	}

	private read({ pathname, searchParams }: URL): IN8nHttpFullResponse {
		if (!pathname.endsWith('/events')) return this.respond(204);
		const types = new Set(searchParams.get('filter[type]')!.split(','));
		const unknown = [...types].findIndex((type) => this.unknownTypes.has(type));
		if (unknown >= 0) return this.respond(400, refusal);
		const from = Number(searchParams.get('filter[created_at][from]') ?? -Infinity);
		const to = Number(searchParams.get('filter[created_at][to]') ?? Infinity);
		const limit = Math.min(Number(searchParams.get('limit')), this.largestPage);
		const page = Number(searchParams.get('page'));
		if (page > this.deepestPage) return this.respond(400);
		const found = this.find([...types].join(), from, to);
		const events = found.slice((page - 1) * limit, page * limit);
		if (events.length === 0) return this.respond(page > 1 && this.refusesPages ? 400 : 204);
		const hasNext = this.links && found.length > page * limit;
		return this.respond(200, {
			_links: hasNext ? { next: { href: 'https://acme.kommo.com/api/v4/events' } } : {},
			_embedded: { events: events.map(toEvent) },
		});
	}

	private find(types: string, from: number, to: number): Listed[] {
		const { second } = this.time;
		const key = `${types} ${from} ${to} ${Math.min(second, this.allVisible)} ${this.listed.length}`;
		if (this.latest.key === key) return this.latest.found;
		const found = this.listed.filter(
			({ type, created_at, visibleFrom }) =>
				created_at >= from && created_at <= to && visibleFrom <= second && types.includes(type),
		);
		const direction = this.order === 'oldestFirst' ? 1 : -1;
		found.sort((a, b) =>
			this.order === 'none' ? a.rank - b.rank : direction * (a.created_at - b.created_at),
		);
		this.latest = { key, found };
		return found;
	}

	private fail(): IN8nHttpFullResponse {
		const kind = Math.floor(this.random() * 6);
		if (kind === 0) throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
		if (kind === 1) return { ...this.respond(429), headers: { 'retry-after': '1' } };
		// Kommo's web server blocks the address, or something in between answers.
		if (kind === 2) return this.respond(403, '<html></html>');
		if (kind === 3) return this.respond(200, '<html></html>');
		return this.respond(kind === 4 ? 502 : 503);
	}

	private respond(statusCode: number, body: object | string = ''): IN8nHttpFullResponse {
		const date = new Date(this.time.now).toUTCString();
		return {
			statusCode,
			headers: this.tellsTime ? { date } : {},
			body: body as IN8nHttpFullResponse['body'],
		};
	}
}

const refusal = {
	'validation-errors': [
		{
			request_id: '0',
			errors: [
				{
					code: 'NotSupportedChoice',
					path: 'filter.type',
					detail: 'The value is not a valid choice.',
				},
			],
		},
	],
	title: 'Bad Request',
	status: 400,
	detail: 'Request validation failed',
};

function toEvent({ id, type, created_at, status_id }: Listed) {
	return {
		id,
		type,
		entity_id: 5,
		entity_type: 'lead',
		created_by: 0,
		created_at,
		account_id: 1,
		value_before: [{ lead_status: { id: 10, pipeline_id: 7 } }],
		value_after: [{ lead_status: { id: status_id, pipeline_id: 7 } }],
	};
}
