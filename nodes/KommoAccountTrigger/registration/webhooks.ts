import type { KommoApi } from '../../shared/api/client';
import type { RetryLimits } from '../../shared/api/deadline';
import { isRefused, readList } from '../../shared/api/pages';
import type { Webhook } from './plan';

/**
 * All webhooks of the account; Kommo gives them on one page.
 *
 * https://developers.kommo.com/reference/webhooks-list
 */
export async function listWebhooks(api: KommoApi, limits: RetryLimits): Promise<Webhook[]> {
	const { body } = await api.request('GET', 'webhooks', {}, limits);
	return readList(body, 'webhooks').map(({ destination, disabled, settings }) => ({
		destination: String(destination),
		disabled: Boolean(disabled),
		settings: Array.isArray(settings) ? settings.map(String) : [],
	}));
}

/** https://developers.kommo.com/reference/add-webhook */
export async function register(
	api: KommoApi,
	destination: string,
	codes: readonly string[],
	limits: RetryLimits,
): Promise<void> {
	const body = { destination, settings: [...codes] };
	await api.request('POST', 'webhooks', { body }, limits);
}

/** Removes a webhook; one that is not there any more is fine. https://developers.kommo.com/reference/delete-webhook */
export async function unregister(
	api: KommoApi,
	destination: string,
	limits: RetryLimits,
): Promise<void> {
	await api.request('DELETE', 'webhooks', { body: { destination } }, limits).catch((error) => {
		if (!isRefused(error, [404])) throw error;
	});
}
