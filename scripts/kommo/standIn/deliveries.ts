import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import { makeBody } from '../body';
import { SIMULATED_EVENTS, type SimulatedEvent } from '../events';
import { KOMMO_WAITS } from '../request';
import { isTaken, post, type Outcome } from '../../simulate/outcome';
import type { Webhook, Webhooks } from './webhooks';

/** An event on its way to one registered address */
export interface Delivery {
	code: string;
	/** Of the first record */
	id: number;
	destination: string;
	/** The result of the last attempt: the HTTP status, `timeout`, or the code of the error */
	status: Outcome['result'];
	attempts: number;
}

const MINUTE = 100;

/** How many bad answers within 2 hours Kommo tolerates before it disables a webhook */
const BAD_ANSWERS = 100;

/** Sends events to the registered addresses, and sends them again when an address does not take them */
export class Deliveries {
	/** All deliveries so far, in the order of their first attempts */
	readonly made: Delivery[] = [];

	/**
	 * The waits before the second, third, ... attempt, in ms: Kommo's waits, with a tenth of a second in place
	 * of a minute
	 */
	retryAfter = [5, 15, 15, 60].map((minutes) => minutes * MINUTE);

	/** How long Kommo waits for an answer, in ms */
	patience = KOMMO_WAITS;

	/** Where public addresses lead: `{'https://n8n.example.com': 'http://127.0.0.1:5678'}`. Others lead nowhere. */
	readonly origins: Record<string, string> = {};

	private readonly badAnswers = new Map<Webhook, number>();

	private readonly underWay = new Set<Promise<void>>();

	private readonly stopped = new AbortController();

	constructor(private readonly webhooks: Webhooks) {
		// Each event that waits to be sent again adds a listener
		setMaxListeners(Infinity, this.stopped.signal);
	}

	/**
	 * Lets an event happen in the account.
	 *
	 * @param what the event's code, or an event that is in no table
	 * @param options.id the id of the first record; the next records have the next ids
	 * @returns a delivery for each registration that is enabled and has the code, each after its first attempt
	 */
	async happen(
		what: string | SimulatedEvent,
		{ id, records }: { id?: number; records?: number } = {},
	): Promise<Delivery[]> {
		const event =
			typeof what === 'string' ? SIMULATED_EVENTS.find(({ code }) => code === what) : what;
		if (!event?.code) throw new Error(`Kommo has no account-wide webhook ${String(what)}`);
		const { code } = event;
		const body = makeBody(event, { id, records });
		return await Promise.all(
			this.webhooks.registered
				.filter(({ disabled, settings }) => !disabled && settings.includes(code))
				.map(async (webhook) => {
					const { destination } = webhook;
					const delivery: Delivery = {
						code,
						id: id ?? event.sampleId,
						destination,
						status: '',
						attempts: 0,
					};
					this.made.push(delivery);
					if (!(await this.attempt(delivery, body, webhook))) {
						this.follow(this.sendAgain(delivery, body, webhook));
					}
					return delivery;
				}),
		);
	}

	/** Waits until no event is left to send again. */
	async settle(): Promise<void> {
		while (this.underWay.size > 0) await Promise.all(this.underWay);
	}

	/** Sends nothing again. */
	stop(): void {
		this.stopped.abort();
	}

	/** Continues even if the webhook is deleted or disabled. Kommo does not document whether it does the same. */
	private async sendAgain(delivery: Delivery, body: string, webhook: Webhook): Promise<void> {
		for (const wait of this.retryAfter) {
			await sleep(wait, undefined, { signal: this.stopped.signal }).catch(() => undefined);
			if (this.stopped.signal.aborted) return;
			if (await this.attempt(delivery, body, webhook)) return;
		}
	}

	private async attempt(delivery: Delivery, body: string, webhook: Webhook): Promise<boolean> {
		const { origin, pathname, search } = new URL(delivery.destination);
		const target = this.origins[origin];
		const outcome: Outcome = target
			? await post(target + pathname + search, body, this.patience)
			: { result: 'ENOTFOUND', says: '', ms: 0 };
		delivery.attempts++;
		delivery.status = outcome.result;
		if (isTaken(outcome)) return true;
		const bad = (this.badAnswers.get(webhook) ?? 0) + 1;
		this.badAnswers.set(webhook, bad);
		if (bad > BAD_ANSWERS) webhook.disabled = true;
		return false;
	}

	private follow(work: Promise<void>): void {
		this.underWay.add(work);
		void work.finally(() => this.underWay.delete(work));
	}
}
