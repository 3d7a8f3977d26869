import { describeError, KommoApiError } from '../../shared/api/problem';
import { readReasons } from '../../shared/api/refusals';
import { tokenOf } from './address';

const PROBLEMS: Record<number, string> = {
	402: "Kommo registers no webhook, because the account is not paid for (402). Pay for the account's plan in Kommo, then try again.",
	403: 'Kommo does not let the credential manage webhooks (403). Only an administrator may, with the plan Advanced or higher. Choose the credential of an administrator, or change the plan, then try again.',
};

/**
 * Why a webhook could not be registered, checked or removed, as a sentence with how to go on. Kommo may
 * repeat the address in its reason; its token is left out.
 */
export function explain(error: unknown, address: string): string {
	const { status = 0, body } = (error instanceof KommoApiError && error.answer) || {};
	if (status === 400 || status === 422) {
		const reason = readReasons(body, (text) => hideAddress(text, address));
		return `Kommo refused the webhook (${status})${reason && `: ${reason}`}. Check Trigger On and Additional Events, then try again.`;
	}
	return PROBLEMS[status] ?? hideAddress(describeError(error), address);
}

function hideAddress(text: string, address: string): string {
	const token = tokenOf(address);
	const shown = text.replaceAll(address, 'the webhook URL');
	return token ? shown.replaceAll(token, '...') : shown;
}
