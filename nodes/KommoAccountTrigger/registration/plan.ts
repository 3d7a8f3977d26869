import { OTHER } from '../../shared/events/eventTable';
import { withoutQuery } from './address';

/** A webhook of the account, as far as it matters here */
export interface Webhook {
	/** The address with its query */
	destination: string;
	/** Kommo disables a webhook that gives too many bad answers, until somebody enables it. */
	disabled: boolean;
	/** The codes of its events */
	settings: readonly string[];
}

/**
 * The codes to register: all that are chosen but `other`, and the additional ones, each once.
 *
 * @param additional separated by commas or spaces
 */
export function listCodes(chosen: readonly string[], additional: string): string[] {
	const codes = [...chosen, ...additional.split(/[\s,]+/)];
	return [...new Set(codes)].filter((code) => code !== '' && code !== OTHER);
}

/** Whether the address is registered, enabled, for exactly these codes, and is the only one of this trigger. */
export function isUpToDate(
	webhooks: readonly Webhook[],
	address: string,
	codes: readonly string[],
): boolean {
	const own = ofSameTrigger(webhooks, address);
	const isRight = ({ destination, disabled, settings }: Webhook) =>
		destination === address && !disabled && hasSameMembers(settings, codes);
	return own.length === 1 && own.every(isRight);
}

/** The addresses that this trigger had before. */
export function listOutdated(webhooks: readonly Webhook[], address: string): string[] {
	const own = ofSameTrigger(webhooks, address).map(({ destination }) => destination);
	return [...new Set(own)].filter((destination) => destination !== address);
}

/** An address without its query belongs to one trigger: n8n's webhook URLs are UUIDs. */
function ofSameTrigger(webhooks: readonly Webhook[], address: string): Webhook[] {
	return webhooks.filter(({ destination }) => withoutQuery(destination) === withoutQuery(address));
}

function hasSameMembers(some: readonly string[], others: readonly string[]): boolean {
	const [one, other] = [new Set(some), new Set(others)];
	return one.size === other.size && [...one].every((member) => other.has(member));
}
