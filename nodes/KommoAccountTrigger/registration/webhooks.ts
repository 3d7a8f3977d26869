import { sleep } from 'n8n-workflow';

import type { KommoApi } from '../../shared/api/client';
import { now, type RetryLimits } from '../../shared/api/deadline';
import { isRefused, readList } from '../../shared/api/pages';
import { SLOW, UncertainError } from '../../shared/api/problem';
import type { Refusals } from '../../shared/api/refusals';
import type { JsonMap } from '../../shared/events/json';
import { isOwn } from './address';

/** A webhook of the account, as far as it matters here */
export interface Webhook {
	/** The address with its query */
	destination: string;
	/** Kommo disables a webhook that gives too many bad answers, until somebody enables it. */
	disabled: boolean;
	/** The codes of its events */
	settings: readonly string[];
}

/** In ms, for each step */
const TIME_LIMIT = 10_000;

/** In ms, between two tries of a registration */
const PAUSE = 500;

const NO_ANSWER =
	'Kommo did not say whether it has registered the webhook. Publish the workflow again: that removes what is registered twice.';

/** The webhooks of an account that are registered at one URL, with any query. It touches no others. */
export class OwnWebhooks {
	constructor(
		private readonly api: KommoApi,
		/** The node's webhook URL, without a query */
		private readonly url: string,
		private readonly refusals: Refusals,
	) {}

	/**
	 * Kommo gives all webhooks on one page, https://developers.kommo.com/reference/webhooks-list
	 *
	 * @throws KommoApiError
	 */
	async list(): Promise<Webhook[]> {
		const { refusals } = this;
		const { body } = await this.api.request('GET', 'webhooks', { refusals }, startLimits());
		return readList(body, 'webhooks')
			.map(toWebhook)
			.filter(({ destination }) => isOwn(destination, this.url));
	}

	/**
	 * Kommo does not document what a second request for an address does
	 * (https://developers.kommo.com/reference/add-webhook). So if an answer is lost, the request is sent again
	 * only if Kommo does not list the address.
	 *
	 * @returns the webhook as Kommo's answer has it, if it has one
	 * @throws KommoApiError
	 */
	async register(address: string, codes: readonly string[]): Promise<Webhook | undefined> {
		const body = { destination: address, settings: [...codes] };
		const content = { body, uncertain: NO_ANSWER, refusals: this.refusals };
		const limits = startLimits();
		for (;;) {
			const answer = await this.api.request('POST', 'webhooks', content, limits).catch(toUncertain);
			if ('body' in answer) return answer.body?.settings ? toWebhook(answer.body) : undefined;
			const listed = (await this.list()).find(({ destination }) => destination === address);
			if (listed) return listed;
			if (now() + PAUSE >= limits.deadline) throw answer;
			await sleep(PAUSE);
		}
	}

	/**
	 * Removes the webhooks at these addresses. An address that Kommo no longer has is no error.
	 * https://developers.kommo.com/reference/delete-webhook
	 *
	 * @throws KommoApiError
	 */
	async remove(addresses: Iterable<string>): Promise<void> {
		const { refusals } = this;
		for (const destination of new Set(addresses)) {
			if (!isOwn(destination, this.url)) continue;
			const content = { body: { destination }, refusals };
			await this.api.request('DELETE', 'webhooks', content, startLimits()).catch((error) => {
				if (!isRefused(error, [404])) throw error;
			});
		}
	}
}

function toWebhook({ destination, disabled, settings }: JsonMap): Webhook {
	return {
		destination: String(destination),
		disabled: Boolean(disabled),
		settings: Array.isArray(settings) ? settings.map(String) : [],
	};
}

/** Whether the address is registered exactly once, is enabled, and has exactly these codes. */
export function isRegistered(
	webhooks: readonly Webhook[],
	address: string,
	codes: readonly string[],
): boolean {
	const [webhook, ...more] = webhooks.filter(({ destination }) => destination === address);
	return (
		webhook !== undefined &&
		more.length === 0 &&
		!webhook.disabled &&
		hasSameMembers(webhook.settings, codes)
	);
}

export function hasSameMembers(some: readonly string[], others: readonly string[]): boolean {
	const [one, other] = [new Set(some), new Set(others)];
	return one.size === other.size && [...one].every((member) => other.has(member));
}

function startLimits(): RetryLimits {
	return { deadline: now() + TIME_LIMIT, outOfTime: SLOW };
}

/** @throws the error, unless Kommo may have carried out the request */
function toUncertain(error: unknown): UncertainError {
	if (error instanceof UncertainError) return error;
	throw error;
}
