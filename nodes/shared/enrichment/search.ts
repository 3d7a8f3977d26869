import { getOrLoad } from '../api/cache';
import { PAGE_SIZE, type KommoApi, type Query } from '../api/client';
import { KommoApiError, OUT_OF_TIME, UNREACHABLE } from '../api/problem';
import type { KommoEvent } from '../event';
import { listPipelines, type Pipeline } from '../api/pipelines';
import { senderOf } from '../../shared/account';
import { isMap, type Json, type JsonMap } from '../json';

/** The lists of records that events are about */
type RecordList = 'leads' | 'customers';

export type Enrichment = 'names' | 'record' | 'contact' | 'responsibleUser';

/** In ms; a list that is kept for later events may come too late for the one that asked for it. */
const SHARED_TIME_LIMIT = 10_000;

/** What has been found in Kommo so far. A list that has not come is absent. */
export interface Findings {
	/** The account that is searched */
	subdomain?: string;
	pipelines?: Pipeline[];
	/** By id, as everything below */
	users?: Map<Json | undefined, JsonMap>;
	leads: Map<Json | undefined, JsonMap>;
	customers: Map<Json | undefined, JsonMap>;
	contacts: Map<Json | undefined, JsonMap>;
	/** The first reason for which something is missing */
	problem?: string;
}

/** A part of a search, which tells why what it asks for has to be asked for again */
type Part = (onFailure: (problem: string) => void) => Promise<void>;

/** One search for the events of one request: its findings grow until they are no longer waited for. */
export class EnrichmentSearch {
	readonly findings: Findings = { leads: new Map(), customers: new Map(), contacts: new Map() };

	/** Why the parts of the search that go on have been in vain so far */
	private readonly failures = new Map<Part, string>();

	/** @param deadline time in ms after which nothing is asked */
	constructor(
		private readonly enrichments: readonly Enrichment[],
		private readonly deadline: number,
	) {}

	/** Searches all that is wanted for the events, side by side. Never throws: what fails is noted. */
	async run(events: readonly KommoEvent[], openApi: () => Promise<KommoApi>): Promise<void> {
		await this.noteProblem(async () => {
			const api = await openApi();
			this.findings.subdomain = api.subdomain;
			const own = events.filter((event) => !isForeign(event, api.subdomain));
			const idsOf = (entity: RecordList) =>
				own.filter((event) => event.entity === entity).map(({ id }) => id);

			if (own.length === 0) return;
			await Promise.all([
				this.wants('names') && idsOf('leads').length > 0 && this.findPipelines(api),
				this.wants('responsibleUser') && this.findUsers(api),
				this.findRecords(api, 'leads', idsOf('leads')),
				this.findRecords(api, 'customers', idsOf('customers')),
			]);
		});
	}

	/** Why something is missing when the time is over before the search is. */
	explainDelay(): string {
		const [failure = OUT_OF_TIME] = this.failures.values();
		return this.findings.problem ?? failure;
	}

	private wants(...some: Enrichment[]): boolean {
		return some.some((one) => this.enrichments.includes(one));
	}

	private async findPipelines(api: KommoApi): Promise<void> {
		await this.noteProblem(async (onFailure) => {
			this.findings.pipelines = await getOrLoad(`${api.cacheKey} pipelines`, () =>
				listPipelines(api, { deadline: Date.now() + SHARED_TIME_LIMIT, onFailure }),
			);
		});
	}

	private async findUsers(api: KommoApi): Promise<void> {
		await this.noteProblem(async (onFailure) => {
			const deadline = Date.now() + SHARED_TIME_LIMIT;
			const users = await getOrLoad(`${api.cacheKey} users`, () =>
				api.list('users', 'users', [], { deadline, onFailure }),
			);
			this.findings.users = new Map(users.map((user) => [user.id, user]));
		});
	}

	private async findRecords(
		api: KommoApi,
		entity: RecordList,
		ids: Array<Json | undefined>,
	): Promise<void> {
		if (!this.wants('record', 'contact', 'responsibleUser')) return;

		const found = this.findings[entity];
		await this.findByIds(api, entity, ids, this.wants('contact') ? [['with', 'contacts']] : []);
		if (this.wants('contact')) {
			await this.findByIds(api, 'contacts', [...found.values()].map(mainContactIdOf), []);
		}
	}

	/** Asks for the records of these ids in as few requests as Kommo allows. */
	private async findByIds(
		api: KommoApi,
		list: RecordList | 'contacts',
		ids: ReadonlyArray<Json | undefined>,
		query: Query,
	): Promise<void> {
		const distinct = [...new Set(ids)].filter((id) => id !== undefined);
		const chunks = Array.from({ length: Math.ceil(distinct.length / PAGE_SIZE) }, (_, index) =>
			distinct.slice(index * PAGE_SIZE, (index + 1) * PAGE_SIZE),
		);
		await Promise.all(
			chunks.map((chunk) =>
				this.noteProblem(async (onFailure) => {
					const { deadline } = this;
					const filter = chunk.map((id): [string, string] => ['filter[id][]', String(id)]);
					const records = await api.list(list, list, [...filter, ...query], {
						deadline,
						onFailure,
					});
					for (const record of records) this.findings[list].set(record.id, record);
				}),
			),
		);
	}

	/** Runs one part of the search, whose failure stops no other part. */
	private async noteProblem(part: Part): Promise<void> {
		try {
			await part((problem) => this.failures.set(part, problem));
		} catch (error) {
			this.findings.problem ??= error instanceof KommoApiError ? error.message : UNREACHABLE;
		} finally {
			this.failures.delete(part);
		}
	}
}

/** Ids of different accounts may be equal: an event must not get another account's record. */
export function isForeign(event: KommoEvent, subdomain: string): boolean {
	const sender = senderOf(event);
	return sender !== undefined && sender !== subdomain;
}

/** The id of the record's main contact; nothing when it has none. */
export function mainContactIdOf(record: JsonMap): Json | undefined {
	const contacts = isMap(record._embedded) ? record._embedded.contacts : [];
	if (!Array.isArray(contacts)) return undefined;
	return contacts.filter(isMap).find(({ is_main }) => is_main === true)?.id;
}
