import { ACCOUNT_EVENTS } from '../accountEvents';
import { ACCOUNT_ID } from '../accountRecords';
import { USER } from './users';
import { invalid, json, list, type Answer } from './answers';

export interface Webhook {
	id: number;
	destination: string;
	created_at: number;
	updated_at: number;
	account_id: number;
	created_by: number;
	sort: number;
	disabled: boolean;
	/** Kommo's codes, such as `add_message` */
	settings: string[];
}

/** A request to the API: `GET` with an address to look for, `POST` and `DELETE` with a body */
export interface WebhookRequest {
	method: string;
	destination?: string;
	body?: unknown;
}

/**
 * A refusal with Kommo's reason, in which `{destination}` stands for the address, or with a page of its web
 * server
 */
export interface WebhookRefusal {
	/** 400 and 422 come with a reason, 401, 402 and 403 without. A page has its own status. */
	status: number;
	reason?: string;
	/** What the reason is about */
	path?: string;
	isPage?: boolean;
	/** The refused methods; all by default */
	methods?: readonly string[];
}

/** A request for an address, and when it came */
export interface Asked {
	method: string;
	destination: string;
	/** In ms */
	time: number;
}

/** How many webhooks an account can have */
const MOST = 100;

const REFUSALS: Record<number, string> = {
	401: 'Unauthorized',
	402: 'Payment Required',
	403: 'Forbidden',
};

/** The account-wide webhooks of Kommo's API, https://developers.kommo.com/reference/webhooks */
export class Webhooks {
	/** All that are registered, the oldest first */
	registered: Webhook[] = [];

	/** The codes that Kommo knows. If one is unknown, it refuses the whole registration. */
	readonly codes = new Set(ACCOUNT_EVENTS.map(({ code }) => code));

	/** Each POST and DELETE so far, even if it was refused */
	readonly asked: Asked[] = [];

	/** While it is set, all requests are refused with it */
	refusal?: WebhookRefusal;

	/** For this many requests, Kommo does what it should, but answers 504 */
	lostAnswers = 0;

	/** What Kommo does when an address is registered again, which nobody has documented */
	onSecondPost: 'add' | 'replace' | 'keep' = 'add';

	private lastId = 0;

	answer({ method, destination, body }: WebhookRequest): Answer {
		const { destination: address } = (body ?? {}) as { destination?: unknown };
		if (address !== undefined) {
			this.asked.push({ method, destination: String(address), time: Date.now() });
		}
		const { refusal } = this;
		if (refusal && (refusal.methods ?? [method]).includes(method)) {
			return refuse(refusal, String(address));
		}
		const answer = this.do({ method, destination, body });
		if (this.lostAnswers === 0) return answer;
		this.lostAnswers--;
		return json(504, { title: 'Gateway Timeout', status: 504 });
	}

	private do({ method, destination, body }: WebhookRequest): Answer {
		switch (method) {
			case 'GET':
				return list('webhooks', destination ? this.at(destination) : this.registered);
			case 'POST':
				return this.register(body);
			case 'DELETE':
				return this.remove((body as Partial<Webhook> | undefined)?.destination ?? '');
			default:
				return json(405, { title: 'Method Not Allowed', status: 405 });
		}
	}

	at(destination: string): Webhook[] {
		return this.registered.filter((webhook) => webhook.destination === destination);
	}

	/** Adds a webhook, as another integration or a person in Kommo does. */
	add(destination: string, settings: string[]): Webhook {
		const now = Math.floor(Date.now() / 1_000);
		const webhook: Webhook = {
			id: ++this.lastId,
			destination,
			created_at: now,
			updated_at: now,
			account_id: ACCOUNT_ID,
			created_by: USER.id,
			sort: 1,
			disabled: false,
			settings: [...settings],
		};
		this.registered.push(webhook);
		return webhook;
	}

	/** Removes the webhooks at the address, as if somebody deleted them in Kommo. */
	lose(destination: string): void {
		this.registered = this.registered.filter((webhook) => webhook.destination !== destination);
	}

	/** Disables the webhooks at the address, or enables them again as a person does in Kommo. */
	disable(destination: string, disabled = true): void {
		for (const webhook of this.at(destination)) webhook.disabled = disabled;
	}

	private register(body: unknown): Answer {
		const { destination, settings } = (body ?? {}) as Partial<Record<keyof Webhook, unknown>>;
		if (typeof destination !== 'string' || !/^https?:\/\/./.test(destination)) {
			return invalid(400, 'destination', 'Invalid URL');
		}
		if (this.registered.length >= MOST) {
			return json(400, { title: 'Bad Request', status: 400, detail: 'Webhooks limit exceeded' });
		}
		if (!Array.isArray(settings) || settings.length === 0) {
			return invalid(400, 'settings', 'This value should not be blank.');
		}
		const unknown = settings.findIndex((code) => !this.codes.has(String(code)));
		if (unknown >= 0) {
			return invalid(400, `settings.${unknown}`, 'The value you selected is not a valid choice.');
		}
		const [old] = this.onSecondPost === 'add' ? [] : this.at(destination);
		if (!old) return json(201, this.add(destination, settings.map(String)));
		if (this.onSecondPost === 'replace') old.settings = settings.map(String);
		return json(200, old);
	}

	private remove(destination: string): Answer {
		if (this.at(destination).length === 0) return json(404, { title: 'Not Found', status: 404 });
		this.lose(destination);
		return { statusCode: 204 };
	}
}

function refuse(
	{ status, reason, path = 'destination', isPage }: WebhookRefusal,
	destination: string,
): Answer {
	if (isPage) {
		return {
			statusCode: status,
			headers: { 'content-type': 'text/html' },
			body: '<!DOCTYPE html><html><body><h1>403 Forbidden</h1></body></html>',
		};
	}
	if (reason !== undefined) {
		return invalid(status, path, reason.replace('{destination}', destination));
	}
	return json(status, { title: REFUSALS[status] ?? 'Bad Request', status });
}
