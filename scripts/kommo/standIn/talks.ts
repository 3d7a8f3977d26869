import { invalid, json, list, type Answer } from './answers';
import { Leads } from './leads';

export interface Message {
	id: string;
	text: string;
	type: 'incoming' | 'outgoing';
	message_type: string;
	/** Unix seconds */
	created_at: number;
	author: { id: number; type: 'external' | 'internal' | 'bot'; name: string };
	attachment?: { type: string; link: string; file_name: string };
}

/** A file of the drive, as a message names it */
interface SentAttachment {
	type: string;
	drive_uuid: string;
	drive_version_uuid: string;
}

export interface Talk {
	talk_id: number;
	created_at: number;
	updated_at: number;
	contact_id: number;
	chat_id: string;
	entity_id: number;
	entity_type: 'lead' | 'customer';
	status: 'in_work' | 'closed';
	is_in_work: boolean;
	origin: string;
}

export interface TalksRequest {
	method: string;
	/** e.g. `/api/v4/talks` */
	path: string;
	query: URLSearchParams;
	body?: unknown;
}

type Entity = 'leads' | 'contacts';

type Permission = 'send' | 'history' | 'run' | 'edit' | 'close';

const TALKS = '/api/v4/talks';
const MAX_LIMIT = 250;
const NOT_FOUND = json(404, { title: 'Not Found', status: 404 });

/** Kommo's talks with their messages, and the Salesbots with the text fields from which they send */
export class Talks {
	readonly talks: Talk[] = [];

	/** The Salesbots, by their id */
	readonly bots: Record<number, string> = { 36143: 'Answer', 36144: 'Goodbye' };

	readonly fields = {
		leads: [
			{ id: 805471, name: 'Answer', type: 'textarea' },
			{ id: 805472, name: 'Greeting', type: 'text' },
			{ id: 805473, name: 'Budget', type: 'numeric' },
			{ id: 805475, name: 'Taken over', type: 'checkbox' },
		],
		contacts: [{ id: 905471, name: 'Position', type: 'text' }],
	};

	/** What the API has sent to customers, the oldest first */
	readonly sent: Array<{ talk_id: number; text: string; attachment?: SentAttachment }> = [];

	/** The Salesbots that were run, each with the texts that the fields of its lead or contact had at that time */
	readonly runs: Array<{
		bot_id: number;
		entity_id: number;
		entity_type: string;
		fields: Record<number, string>;
	}> = [];

	/** The Salesbots that were stopped */
	readonly stops: Array<{ bot_id: number; entity_id: number; entity_type: string }> = [];

	/** The changes to leads and contacts */
	readonly edits: Array<{ path: string; body: object }> = [];

	/** What is forbidden, because the integration lacks a scope or the user lacks a right */
	readonly forbidden = new Set<Permission>();

	/** While it is set, Kommo refuses messages with this status and reason */
	refusal?: { status: number; detail: string };

	private readonly messages = new Map<number, Message[]>();

	/** The values of fields, by the path of the lead or contact, e.g. `leads/7` */
	private readonly values = new Map<string, Record<number, string>>();

	constructor(private readonly leads = new Leads()) {}

	/** Opens a talk. Its other fields are those of an open talk of a lead. */
	open(talk: Partial<Talk> & Pick<Talk, 'talk_id'>): Talk {
		const now = Math.floor(Date.now() / 1000);
		const opened: Talk = {
			created_at: now,
			updated_at: now,
			contact_id: 100_000 + talk.talk_id,
			chat_id: `6cbab3d5-c4c1-46ff-b710-${String(talk.talk_id).padStart(12, '0')}`,
			entity_id: talk.talk_id,
			entity_type: 'lead',
			status: 'in_work',
			is_in_work: true,
			origin: 'waba',
			...talk,
		};
		this.talks.push(opened);
		this.messages.set(opened.talk_id, []);
		return opened;
	}

	/** Adds a message to a talk. Its other fields are those of a customer's message. */
	write(talk_id: number, message: Partial<Message> = {}): Message {
		const messages = this.messages.get(talk_id);
		if (!messages) throw new Error(`Kommo has no talk ${talk_id}`);
		const number = messages.length + 1;
		const written: Message = {
			id: `e9c11d5e-94c1-4e2a-8d5a-${String(number).padStart(12, '0')}`,
			text: `Message ${number}`,
			type: 'incoming',
			message_type: 'text',
			created_at: Math.floor(Date.now() / 1000),
			author: { id: 100_000 + talk_id, type: 'external', name: 'Ana' },
			...message,
		};
		messages.push(written);
		return written;
	}

	/** Deletes a message from its talk, as a customer can. */
	delete(talk_id: number, id: string): void {
		const messages = this.messages.get(talk_id) ?? [];
		messages.splice(
			messages.findIndex((message) => message.id === id),
			1,
		);
	}

	/** Nothing if the path is not one of these */
	answer({ method, path, query, body }: TalksRequest): Answer | undefined {
		const [, entity, id, rest] = /^\/api\/v4\/([a-z]+)(?:\/(\d+))?(?:\/(\w+))?$/.exec(path) ?? [];
		switch (`${method} ${entity}${id ? '/:id' : ''}${rest ? `/${rest}` : ''}`) {
			case 'GET talks':
				return this.listTalks(query);
			case 'GET talks/:id/messages':
				return this.listMessages(Number(id), query);
			case 'POST talks/:id/send_message':
				return this.send(Number(id), body);
			case 'POST talks/:id/close':
				return this.close(Number(id), body);
			case 'GET bots':
				return this.listBots();
			case 'POST bots/:id/run':
				return this.run(Number(id), body);
			case 'POST bots/:id/stop':
				return this.stop(Number(id), body);
			case 'GET leads/:id':
				return this.getLead(Number(id));
			case 'GET leads/custom_fields':
			case 'GET contacts/custom_fields':
				return list('custom_fields', this.fields[entity as Entity]);
			case 'PATCH leads/:id':
			case 'PATCH contacts/:id':
				return this.edit(entity as Entity, Number(id), body);
			default:
				return undefined;
		}
	}

	private listTalks(query: URLSearchParams): Answer {
		const matches = (name: string, value: number) => {
			const wanted = query.getAll(`filter[${name}][]`);
			return wanted.length === 0 || wanted.includes(String(value));
		};
		const entityType = query.get('filter[entity_type]');
		const found = this.talks.filter(
			(talk) =>
				matches('talk_id', talk.talk_id) &&
				matches('contact_id', talk.contact_id) &&
				matches('entity_id', talk.entity_id) &&
				(!entityType || entityType === talk.entity_type) &&
				(!query.has('filter[only_in_work]') || talk.is_in_work),
		);
		return list('talks', found);
	}

	/** The messages have an order without meaning, because Kommo promises none. */
	private listMessages(talk_id: number, query: URLSearchParams): Answer {
		if (this.forbidden.has('history')) return forbidden();
		const messages = this.messages.get(talk_id);
		if (!messages) return NOT_FOUND;
		const limit = Number(query.get('limit') ?? 50);
		const page = Number(query.get('page') ?? 1);
		if (limit > MAX_LIMIT) return json(400, { title: 'Bad Request', status: 400 });
		const rank = ({ id }: Message) => (Number(id.slice(-9)) * 2_654_435_761) % 4_294_967_296;
		const from = Number(query.get('filter[created_at][from]') ?? 0);
		const found = messages.filter(({ created_at }) => created_at >= from);
		const sorted = found.sort((a, b) => rank(a) - rank(b));
		const hasNext = sorted.length > page * limit;
		return list(
			'messages',
			sorted.slice((page - 1) * limit, page * limit),
			hasNext
				? `https://acme.kommo.com${TALKS}/${talk_id}/messages?limit=${limit}&page=${page + 1}&filter[created_at][from]=${from}`
				: undefined,
		);
	}

	private send(talk_id: number, body: unknown): Answer {
		if (this.forbidden.has('send')) return forbidden();
		if (!this.messages.has(talk_id)) return NOT_FOUND;
		const { text = '', attachment } = (body ?? {}) as {
			text?: unknown;
			attachment?: SentAttachment;
		};
		if (typeof text !== 'string' || (text === '' && !attachment)) {
			return invalid(422, 'text', 'This value should not be blank.');
		}
		if (attachment && !(attachment.drive_uuid && attachment.drive_version_uuid)) {
			return invalid(400, 'attachment', 'The file was not found.');
		}
		if (this.refusal) return invalid(this.refusal.status, 'text', this.refusal.detail);
		const talk = this.talks.find((some) => some.talk_id === talk_id);
		if (!talk?.is_in_work) return json(422, { status: 422, detail: 'Talk is closed' });
		this.sent.push({ talk_id, text, ...(attachment && { attachment }) });
		const author = { id: 0, type: 'bot', name: 'n8n' } as const;
		const { id } = this.write(talk_id, { text, type: 'outgoing', author });
		return json(202, { id });
	}

	private close(talk_id: number, body: unknown): Answer {
		if (this.forbidden.has('close')) return forbidden();
		const talk = this.talks.find((some) => some.talk_id === talk_id);
		if (!talk) return NOT_FOUND;
		if (typeof (body as { force_close?: unknown })?.force_close !== 'boolean') {
			return invalid(400, 'force_close', 'This value should be a boolean.');
		}
		if (!talk.is_in_work) return json(422, { status: 422, detail: 'Talk is closed' });
		Object.assign(talk, { status: 'closed', is_in_work: false });
		return { statusCode: 202 };
	}

	private listBots(): Answer {
		const bots = Object.entries(this.bots).map(([id, name]) => ({ id: Number(id), name }));
		return list('items', bots);
	}

	private run(bot_id: number, body: unknown): Answer {
		if (this.forbidden.has('run')) return forbidden();
		if (!this.bots[bot_id]) return NOT_FOUND;
		const { entity_id, entity_type } = (body ?? {}) as Record<string, unknown>;
		if (typeof entity_id !== 'number') return invalid(400, 'entity_id', 'It should be an integer.');
		if (entity_type !== 'leads' && entity_type !== 'contacts') {
			return invalid(400, 'entity_type', 'The value you selected is not a valid choice.');
		}
		if (entity_id === 404) return NOT_FOUND;
		const fields = { ...this.values.get(`${entity_type}/${entity_id}`) };
		this.runs.push({ bot_id, entity_id, entity_type, fields });
		return { statusCode: 202 };
	}

	private stop(bot_id: number, body: unknown): Answer {
		if (this.forbidden.has('run')) return forbidden();
		if (!this.bots[bot_id]) return NOT_FOUND;
		const { entity_id, entity_type } = (body ?? {}) as Record<string, unknown>;
		this.stops.push({ bot_id, entity_id: Number(entity_id), entity_type: String(entity_type) });
		return { statusCode: 202 };
	}

	/** The lead, with all changes */
	private getLead(id: number): Answer {
		if (id === 404) return NOT_FOUND;
		const changes = this.edits.filter(({ path }) => path === `leads/${id}`);
		return json(
			200,
			Object.assign(this.leads.make(id), ...changes.map(({ body }) => body)) as object,
		);
	}

	private edit(entity: Entity, id: number, body: unknown): Answer {
		if (this.forbidden.has('edit')) return forbidden();
		if (id === 404) return NOT_FOUND;
		this.edits.push({ path: `${entity}/${id}`, body: (body ?? {}) as object });
		const { custom_fields_values: written = [] } = (body ?? {}) as {
			custom_fields_values?: Array<{ field_id: number; values: Array<{ value: string }> }>;
		};
		for (const { field_id, values } of written) {
			if (!this.fields[entity].some((field) => field.id === field_id)) {
				return invalid(400, 'custom_fields_values.0.field_id', 'Field was not found.');
			}
			const path = `${entity}/${id}`;
			this.values.set(path, { ...this.values.get(path), [field_id]: values[0]?.value ?? '' });
		}
		return json(200, { id, updated_at: Math.floor(Date.now() / 1000) });
	}
}

function forbidden(): Answer {
	return json(403, { title: 'Forbidden', status: 403, detail: 'Access denied' });
}
