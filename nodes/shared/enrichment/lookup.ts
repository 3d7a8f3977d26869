import { getOrLoad } from '../api/cache';
import type { KommoApi, Query } from '../api/client';
import type { RetryLimits } from '../api/deadline';
import { findEntries } from '../api/entries';
import { readAll } from '../api/pages';
import { listPipelines, type Pipeline } from '../api/pipelines';
import { KommoApiError } from '../api/problem';
import { findOpenTalk, listMessages } from '../api/talks';
import { withFields } from '../events/customFields';
import type { Json, JsonMap } from '../events/json';
import type { RecordList } from './subject';

const NOT_RETURNED =
	"Kommo's API did not return all data of this event. The missing record may be deleted, or hidden from the credential's user. A new pipeline, stage or user can be missing for 10 minutes.";

const WITH_CONTACTS: Query = [['with', 'contacts']];

type Users = ReadonlyMap<Json | undefined, JsonMap>;

/**
 * Looks up records in Kommo for a group of events. Lookups at the same time share requests. All methods throw
 * KommoApiErrors.
 */
export class Lookup {
	private pipelines?: Promise<Pipeline[]>;

	private users?: Promise<Users>;

	private readonly messages = new Map<string, Promise<JsonMap | null>>();

	constructor(
		readonly api: KommoApi,
		private readonly limits: RetryLimits,
	) {}

	/** @param withContacts whether to get the ids of its contacts too */
	async findRecord(list: RecordList, id: Json, withContacts = false): Promise<JsonMap> {
		return withFields(await this.findById(list, id, withContacts ? WITH_CONTACTS : []));
	}

	async findTask(id: number): Promise<JsonMap> {
		return await this.findById('tasks', id);
	}

	async findPipeline(id: Json): Promise<Pipeline> {
		const key = `${this.api.cacheKey} pipelines`;
		this.pipelines ??= getOrLoad(key, this.limits, (limits) => listPipelines(this.api, limits));
		return requireFound((await this.pipelines).find((pipeline) => pipeline.id === id));
	}

	async findUser(id: Json | undefined): Promise<JsonMap> {
		const key = `${this.api.cacheKey} users`;
		this.users ??= getOrLoad(key, this.limits, async (limits) => {
			const users = await readAll(this.api, { path: 'users', key: 'users' }, limits);
			return new Map(users.map((user) => [user.id, user]));
		});
		return requireFound((await this.users).get(id));
	}

	/**
	 * The newest incoming message of the record's open talk, with the ids of the talk and its chat; null if
	 * there is none. Of several open talks, the one that changed last counts.
	 */
	async findLatestMessage(list: RecordList, id: number): Promise<JsonMap | null> {
		const key = `${list} ${id}`;
		const message = this.messages.get(key) ?? this.readLatestMessage(list, id);
		this.messages.set(key, message);
		return await message;
	}

	private async findById(path: string, id: Json, query: Query = []): Promise<JsonMap> {
		const list = { path, field: 'id', query };
		const [entry] = await findEntries(this.api, list, id, this.limits);
		return requireFound(entry);
	}

	private async readLatestMessage(list: RecordList, id: number): Promise<JsonMap | null> {
		const talk = await findOpenTalk(this.api, list, id, this.limits);
		if (!talk) return null;
		const { talk_id = null, chat_id = null } = talk;
		const messages = await listMessages(this.api, String(talk_id), this.limits);
		const newest = messages.findLast(({ type }) => type === 'incoming');
		return newest ? { ...newest, talk_id, chat_id } : null;
	}
}

export function requireFound<T>(value: T | undefined): T {
	if (value === undefined) throw new KommoApiError(NOT_RETURNED);
	return value;
}
