import { listReasons, refusals, type Reason, type Refusals } from '../../shared/api/refusals';
import type { RefusedAnswer } from '../../shared/api/problem';
import { hideTokens } from './address';
import { isChoice, nameOf } from './codes';

/** In Kommo's reason, if the account has reached the limit of 100 webhooks */
const LIMIT = /limit|exceed|too many|maximum/i;

/** In the path or the text of Kommo's reason, if it refuses the address */
const ADDRESS = /url|destination|address/i;

/** A path with the position of the code that Kommo refuses, e.g. `settings.1` */
const CODE_PATH = /^settings\W+(\d+)/;

const REFUSED = [
	'Kommo refused the webhook',
	'Check Trigger On and Additional Events, then try again.',
] as const;

/**
 * Describes why Kommo refuses a webhook. The sentences show no token, although Kommo may repeat the address
 * in its reason.
 *
 * @param url n8n's webhook URL, without a query
 * @param codes of the events to register
 */
export function webhookRefusals(url: string, codes: readonly string[]): Refusals {
	const hide = (text: string) =>
		hideTokens(text).replace(/\S+\?token=\.\.\.\S*/, 'the webhook URL');
	const usual = refusals(
		{
			400: REFUSED,
			402: [
				'Kommo registers no webhook, because the account is not paid for',
				"Pay for the account's plan in Kommo, then try again.",
			],
			403: [
				'Kommo does not let the credential manage webhooks',
				'Only an administrator may, with the plan Advanced or higher. Choose the credential of an administrator, or change the plan, then try again.',
			],
			422: REFUSED,
		},
		hide,
	);
	return (answer, authentication) => {
		const isInvalid = answer.status === 400 || answer.status === 422;
		const described = isInvalid ? describeInvalid(answer, url, codes, hide) : undefined;
		return described ?? usual(answer, authentication);
	};
}

/** What is wrong with the webhook, if Kommo's reasons name it */
function describeInvalid(
	{ status, body }: RefusedAnswer,
	url: string,
	codes: readonly string[],
	hide: (text: string) => string,
): string | undefined {
	const reasons = listReasons(body).map(({ path, text }) => ({ path, text: hide(text) }));
	const texts = [...new Set(reasons.map(({ text }) => text.replace(/\.$/, '')))];
	const reasonText = `(${[status, texts.join('; ')].filter(Boolean).join(': ')})`;
	const refused = findCodes(reasons, codes);
	if (refused.length > 0) return describeCodes(refused, reasonText);
	if (reasons.some(isLimit)) {
		return `Kommo registers no more webhooks for this account, which can have 100 ${reasonText}. Delete some in Kommo under Settings > Integrations > Web hooks, then publish the workflow again.`;
	}
	if (reasons.some(({ path, text }) => ADDRESS.test(path || text))) {
		return `Kommo does not take n8n's public address, ${originOf(url)} ${reasonText}. Set n8n's environment variable WEBHOOK_URL to an address that everybody can reach, then publish the workflow again.`;
	}
	return undefined;
}

/** An address can exceed a limit, too: that of its length. */
function isLimit({ path, text }: Reason): boolean {
	return LIMIT.test(text) && (!ADDRESS.test(path) || /webhooks/i.test(text));
}

function originOf(url: string): string {
	return URL.canParse(url) ? new URL(url).origin : url;
}

function findCodes(reasons: readonly Reason[], codes: readonly string[]): string[] {
	const named = reasons.flatMap(({ path, text }) => {
		const position = CODE_PATH.exec(path)?.[1];
		if (position !== undefined) return codes[Number(position)] ?? [];
		const words = text.split(/[^\w]+/);
		return codes.filter((code) => words.includes(code));
	});
	return [...new Set(named)];
}

function describeCodes(codes: readonly string[], reasonText: string): string {
	const places = [
		...(codes.some(isChoice) ? ['Trigger On'] : []),
		...(codes.every(isChoice) ? [] : ['Additional Events']),
	];
	const [it, events] = codes.length === 1 ? ['it', 'event'] : ['them', 'events'];
	return `Kommo does not know the ${events} ${codes.map(nameOf).join(', ')} ${reasonText}. Take ${it} out of ${places.join(' and ')}, then publish the workflow again. Until then the trigger receives nothing, even if it was published before: n8n removes the earlier registration before it makes the new one.`;
}
