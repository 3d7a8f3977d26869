import { NodeOperationError, type IHookFunctions } from 'n8n-workflow';

import { openApi } from '../../shared/api/client';
import { toNodeError } from '../../shared/api/nodeError';
import { describeError, KommoApiError } from '../../shared/api/problem';
import { toList } from '../../shared/events/list';
import { checkChoices } from '../../shared/parameters';
import { properties } from '../description';
import { hideTokens } from './address';
import { listCodes } from './codes';
import { findUrlProblem } from './reachability';
import {
	confirmAddress,
	describeLeftBehind,
	forgetAddress,
	forgetPublished,
	isHere,
	recall,
	rememberNext,
	type Remembered,
} from './remembered';
import { webhookRefusals } from './sentences';
import { hasSameMembers, isRegistered, OwnWebhooks, type Webhook } from './webhooks';

const NO_EVENT =
	'No event is chosen that Kommo could send. Choose at least one in Trigger On, besides Other Events, or name one in Additional Events.';

const NOT_LISTED = 'Kommo does not list the address that it has just taken.';

interface Registration {
	/** The node's webhook URL, without a query */
	url: string;
	codes: readonly string[];
	/** The host of the account */
	account: string;
	webhooks: OwnWebhooks;
}

/**
 * Whether Kommo has the right registration, and no other at the node's URL. Without a remembered address, it
 * does not ask Kommo. If Kommo gives no list when n8n starts, the registration counts as right: otherwise n8n
 * would remove it, or mark a working trigger as failed.
 */
export async function checkRegistration(context: IHookFunctions): Promise<boolean> {
	const remembered = recall(context);
	const { address } = remembered;
	if (!address || !isHere(remembered, { url: readUrl(context) })) return false;
	try {
		const { codes, webhooks, ...here } = await openRegistration(context);
		if (!isHere(remembered, here)) return false;
		const own = await webhooks.list();
		return own.length === 1 && isRegistered(own, address, codes);
	} catch (error) {
		const isStart = ['init', 'leadershipChange'].includes(context.getActivationMode());
		// When publishing, n8n registers next, and that says what is wrong.
		if (isStart) {
			warn(
				context,
				`Kommo did not say whether the webhook is still registered, so the trigger goes on as if it were. ${describe(error)}`,
			);
		}
		return isStart;
	}
}

/**
 * Registers the webhook URL with a new address, then removes the earlier ones. Events are lost until Kommo
 * has taken the new address, so no other request comes before that one.
 *
 * @throws NodeApiError, NodeOperationError
 */
export async function createRegistration(context: IHookFunctions): Promise<void> {
	checkChoices(context, properties);
	const problem =
		findUrlProblem(readUrl(context)) ?? (readCodes(context).length > 0 ? undefined : NO_EVENT);
	if (problem) throw new NodeOperationError(context.getNode(), problem);
	try {
		const registration = await openRegistration(context);
		warnOfLeftBehind(context, registration);
		await register(context, registration);
	} catch (error) {
		throw toNodeError(context.getNode(), error, describe(error));
	}
}

/**
 * Removes every registration at the node's URL. If that fails, the address stays remembered for the next try.
 * The token always stays. If no registration is confirmed, this throws nothing: n8n 2.41 would take the trigger
 * for published, and would not register it when the workflow is published again.
 *
 * @throws NodeApiError
 */
export async function deleteRegistration(context: IHookFunctions): Promise<void> {
	const remembered = recall(context);
	forgetPublished(context);
	const url = readUrl(context);
	try {
		// A URL that Kommo cannot reach was never registered.
		if (findUrlProblem(url)) {
			warnOfLeftBehind(context, { url });
		} else {
			const registration = await openRegistration(context);
			await removeAll(registration, remembered);
			warnOfLeftBehind(context, registration);
		}
	} catch (error) {
		if (remembered.isPending || !remembered.address) {
			warn(
				context,
				`This trigger remembers no webhook that Kommo has confirmed, but Kommo may have one. Publish the workflow again: that removes what is left. ${describe(error)}`,
			);
			return;
		}
		throw toNodeError(context.getNode(), error, describe(error));
	}
	forgetAddress(remembered);
}

async function register(context: IHookFunctions, registration: Registration): Promise<void> {
	const { codes, webhooks } = registration;
	const warnOfEarlier = (error: unknown) =>
		warn(
			context,
			`The webhook is registered and works, but Kommo may still have an earlier one of this trigger and send events twice. Publish the workflow again later. ${describe(error)}`,
		);
	const { address: first, answered } = await registerNext(context, registration);
	const listed = await webhooks.list().catch(warnOfEarlier);
	// An import can bring back old static data. Then this address may have been registered before, for other
	// events, which Kommo may have kept.
	if (!listed) {
		if (!answered || hasSameMembers(answered.settings, codes)) return;
		await registerNext(context, registration, [answered]);
		await webhooks.remove([first]).catch(warnOfEarlier);
		return;
	}
	let address = first;
	const isTaken = listed.some(({ destination }) => destination === address);
	// If Kommo writes addresses in another way, one of these may be the new one, so none is removed.
	if (!isTaken && listed.length > 0) {
		warnOfEarlier(new KommoApiError(NOT_LISTED));
		return;
	}
	if (isTaken && !isRegistered(listed, address, codes)) {
		({ address } = await registerNext(context, registration, listed));
	}
	const earlier = listed.map(toAddress).filter((destination) => destination !== address);
	await webhooks.remove(earlier).catch(warnOfEarlier);
}

/**
 * Registers the next address. It is remembered before Kommo gets it, because n8n may never learn that Kommo
 * has taken it.
 */
async function registerNext(
	context: IHookFunctions,
	{ url, codes, account, webhooks }: Registration,
	listed: readonly Webhook[] = [],
): Promise<{ address: string; answered: Webhook | undefined }> {
	const address = rememberNext(recall(context), url, account, listed.map(toAddress));
	const answered = await webhooks.register(address, codes);
	confirmAddress(context);
	return { address, answered };
}

async function removeAll(
	{ url, account, webhooks }: Registration,
	remembered: Remembered,
): Promise<void> {
	const removal = webhooks.list().then(async (listed) => {
		await webhooks.remove(listed.map(toAddress));
	});
	await removal.catch(async (error: unknown) => {
		// Without a list, it removes at least the remembered one.
		if (isHere(remembered, { url, account })) await webhooks.remove([remembered.address!]);
		throw error;
	});
}

async function openRegistration(context: IHookFunctions): Promise<Registration> {
	const [url, codes] = [readUrl(context), readCodes(context)];
	const api = await openApi(context);
	const webhooks = new OwnWebhooks(api, url, webhookRefusals(url, codes));
	return { url, codes, account: api.host, webhooks };
}

/** In its normal form (host in small letters, no usual port), which Kommo has no reason to rewrite */
function readUrl(context: IHookFunctions): string {
	const url = context.getNodeWebhookUrl('default') ?? '';
	return URL.canParse(url) ? new URL(url).href : url;
}

function readCodes(context: IHookFunctions): string[] {
	const { additionalEvents } = (context.getNodeParameter('options', {}) ?? {}) as {
		additionalEvents?: unknown;
	};
	const chosen = toList(context.getNodeParameter('events', []));
	return listCodes(chosen, String(additionalEvents ?? ''));
}

function warnOfLeftBehind(context: IHookFunctions, here: { url: string; account?: string }): void {
	const leftBehind = describeLeftBehind(recall(context), here);
	if (leftBehind) warn(context, leftBehind);
}

function warn(context: IHookFunctions, message: string): void {
	context.logger.warn(`${context.getNode().name}: ${message}`);
}

function describe(error: unknown): string {
	return hideTokens(describeError(error));
}

function toAddress({ destination }: Webhook): string {
	return destination;
}
