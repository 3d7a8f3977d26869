import { describeError, KommoApiError } from '../../shared/api/problem';
import { isMap, type Json } from '../../shared/json';
import { tokenOf } from './address';

/** Kommo's own reason, in characters */
const MAX_REASON_LENGTH = 300;

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
		const reason = hideAddress(readReasons(body), address).slice(0, MAX_REASON_LENGTH);
		return `Kommo refused the webhook (${status})${reason && `: ${reason}`}. Check Trigger On and Additional Events, then try again.`;
	}
	return PROBLEMS[status] ?? hideAddress(describeError(error), address);
}

/** Of `{"validation-errors": [{"errors": [{"code", "path", "detail"}]}]}` */
function readReasons(body: Json | undefined): string {
	const groups = isMap(body) ? body['validation-errors'] : undefined;
	const errors = listMaps(groups).flatMap((group) => listMaps(group.errors));
	const reasons = errors.map(({ path, detail, code }) =>
		[path, detail ?? code].filter((part) => typeof part === 'string' && part !== '').join(': '),
	);
	return [...new Set(reasons)].join('; ').replace(/\.$/, '');
}

function listMaps(list: Json | undefined) {
	return Array.isArray(list) ? list.filter(isMap) : [];
}

function hideAddress(text: string, address: string): string {
	const token = tokenOf(address);
	const shown = text.replaceAll(address, 'the webhook URL');
	return token ? shown.replaceAll(token, '...') : shown;
}
