import type { IHookFunctions, IWebhookFunctions } from 'n8n-workflow';

import { isSameAccount, readAccount } from '../../../credentials/accountAddress';
import { isOwn, makeAddress, makeToken, serialOf, withoutQuery } from './address';

/**
 * What n8n stores for the trigger, by the node's name. An export of the workflow contains it. So an import
 * can bring it to another n8n, or bring an old state back.
 */
export interface Remembered {
	/**
	 * Stays when the workflow is unpublished, so that what Kommo sends again is accepted after the next
	 * publishing
	 */
	token?: string;
	/** The number of the latest address */
	serial?: number;
	/** The address that is registered, or may be: it is remembered before it is registered */
	address?: string;
	/** The host of the account in which the address is registered, e.g. `acme.kommo.com` */
	account?: string;
	/** Whether Kommo has not confirmed the address yet */
	isPending?: boolean;
}

type Context = IHookFunctions | IWebhookFunctions;

/**
 * What the published triggers remember, by URL and node name. n8n 2.41 can lose it: when one trigger of a
 * workflow changes, the others keep the static data that they began with. When one of those saves, it
 * overwrites what the changed trigger has stored.
 */
const published = new Map<string, Remembered>();

/** What n8n stores for the trigger. If n8n has lost that, it is stored again. */
export function recall(context: Context): Remembered {
	const remembered = context.getWorkflowStaticData('node') as Remembered;
	// A test has static data of its own, but in `webhook()` n8n gives it the URL of the published trigger.
	const isTest = context.getMode() === 'manual';
	if (!isTest && !tokenOf(remembered)) Object.assign(remembered, published.get(keyOf(context)));
	return remembered;
}

/** With the name, as static data has it: so a renamed trigger gets a new token. */
function keyOf(context: Context): string {
	return `${context.getNodeWebhookUrl('default')} ${context.getNode().name}`;
}

/**
 * Makes a new address, remembers it, and gives it.
 *
 * @param listed addresses that the new one must differ from. After an import, the remembered serial can be an
 * old one.
 */
export function rememberNext(
	remembered: Remembered,
	url: string,
	account: string,
	listed: readonly string[] = [],
): string {
	const { serial = 0 } = remembered;
	const token = tokenOf(remembered) || makeToken();
	const next = Math.max(Number(serial) || 0, ...listed.map(serialOf)) + 1;
	const address = makeAddress(url, token, next);
	Object.assign(remembered, { token, serial: next, address, account, isPending: true });
	return address;
}

/** The token; an empty string if there is none */
export function tokenOf({ token }: Remembered): string {
	return typeof token === 'string' && /^[\da-f]{32}$/.test(token) ? token : '';
}

/** Remembers that Kommo has taken the address. */
export function confirmAddress(context: IHookFunctions): void {
	const remembered = recall(context);
	delete remembered.isPending;
	published.set(keyOf(context), { ...remembered });
}

/** From now on, the trigger has only what n8n stores. */
export function forgetPublished(context: IHookFunctions): void {
	published.delete(keyOf(context));
}

/** Forgets the registered address, but keeps the token and the serial. */
export function forgetAddress(remembered: Remembered): void {
	delete remembered.address;
	delete remembered.account;
	delete remembered.isPending;
}

/** Where the trigger is now */
interface Place {
	/** The node's webhook URL, without a query */
	url: string;
	/** The host of the account, if it is known */
	account?: string;
}

/** Whether the remembered address has the node's own URL and is in this account. */
export function isHere(remembered: Remembered, { url, account }: Place): boolean {
	const { address, account: registered = '' } = remembered;
	if (address === undefined || !isOwn(address, url)) return false;
	return account === undefined || isSameAccount(readAccount(registered), readAccount(account));
}

/**
 * A sentence about what stays behind in Kommo, and what to do; nothing if the remembered address is the
 * node's own. The trigger must not remove it: after an import, it is the registration of another n8n.
 */
export function describeLeftBehind(remembered: Remembered, place: Place): string | undefined {
	const { address, account } = remembered;
	if (!address || isHere(remembered, place)) return undefined;
	return `The webhook ${withoutQuery(address)} may still be registered in the Kommo account ${account}. This trigger is now at ${place.url}${place.account ? ` and uses the account ${place.account}` : ''}, so it does not remove that webhook: another n8n may use it. If none does, delete it in that account under Settings > Integrations > Web hooks.`;
}
