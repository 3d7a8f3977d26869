import { NodeOperationError, type IHookFunctions, type IWebhookFunctions } from 'n8n-workflow';

import { openApi } from '../../shared/api/client';
import { now, type RetryLimits } from '../../shared/api/deadline';
import { toNodeError } from '../../shared/api/nodeError';
import { SLOW } from '../../shared/api/problem';
import { toList } from '../../shared/events/list';
import { addToken, tokenOf, withoutQuery } from './address';
import { isUpToDate, listCodes, listOutdated } from './plan';
import { explain } from './problem';
import { findUrlProblem } from './reachability';
import { listWebhooks, register, unregister } from './webhooks';

/** In ms, for each step */
const TIME_LIMIT = 10_000;

const NO_EVENT =
	'No event is chosen that Kommo could send. Choose at least one in Trigger On, besides Other Events, or name one in Additional Events.';

/** What n8n keeps of the trigger while it is published: the registered address with its token */
interface Memory {
	address?: string;
}

/**
 * Whether Kommo has what is to be registered. Without a remembered address it asks nothing.
 *
 * @throws NodeApiError, NodeOperationError
 */
export async function checkRegistration(context: IHookFunctions): Promise<boolean> {
	const { address } = memoryOf(context);
	if (!address) return false;
	const url = readUrl(context);
	const codes = readCodes(context);
	if (withoutQuery(address) !== url) return false;
	try {
		const webhooks = await listWebhooks(await openApi(context), startLimits());
		return isUpToDate(webhooks, address, codes);
	} catch (error) {
		throw toNodeError(context.getNode(), error, explain(error, address));
	}
}

/**
 * Registers the webhook URL with a new token, then removes what this trigger registered before. Events that
 * happen before Kommo has taken the new address are lost, so nothing comes before that request.
 *
 * @throws NodeApiError, NodeOperationError
 */
export async function createRegistration(context: IHookFunctions): Promise<void> {
	const address = addToken(readUrl(context));
	const codes = readCodes(context);
	try {
		await register(await openApi(context), address, codes, startLimits());
	} catch (error) {
		throw toNodeError(context.getNode(), error, explain(error, address));
	}
	memoryOf(context).address = address;
	await removeOutdated(context, address);
}

/**
 * Removes the remembered address. When that fails, the address is still remembered, for the next try.
 *
 * @throws NodeApiError
 */
export async function deleteRegistration(context: IHookFunctions): Promise<void> {
	const memory = memoryOf(context);
	if (!memory.address) return;
	try {
		await unregister(await openApi(context), memory.address, startLimits());
	} catch (error) {
		throw toNodeError(context.getNode(), error, explain(error, memory.address));
	}
	delete memory.address;
}

/** The token of the registered address; an empty string while none is registered. */
export function registeredToken(context: IWebhookFunctions): string {
	return tokenOf(memoryOf(context).address ?? '');
}

/** n8n saves the new address only after this, and Kommo's requests to it are refused until then. */
async function removeOutdated(context: IHookFunctions, address: string): Promise<void> {
	const limits = startLimits();
	let outdated = address;
	try {
		const api = await openApi(context);
		for (outdated of listOutdated(await listWebhooks(api, limits), address)) {
			await unregister(api, outdated, limits);
		}
	} catch (error) {
		context.logger.warn(
			`${context.getNode().name}: the webhook is registered and works, but an earlier one of this trigger could not be removed from Kommo. ${explain(error, outdated)}`,
		);
	}
}

function readUrl(context: IHookFunctions): string {
	const url = context.getNodeWebhookUrl('default') ?? '';
	const problem = findUrlProblem(url);
	if (problem) throw new NodeOperationError(context.getNode(), problem);
	return url;
}

function readCodes(context: IHookFunctions): string[] {
	const { additionalEvents } = (context.getNodeParameter('options', {}) ?? {}) as {
		additionalEvents?: unknown;
	};
	const chosen = toList(context.getNodeParameter('events', []));
	const codes = listCodes(chosen, String(additionalEvents ?? ''));
	if (codes.length === 0) throw new NodeOperationError(context.getNode(), NO_EVENT);
	return codes;
}

function memoryOf(context: IHookFunctions | IWebhookFunctions): Memory {
	return context.getWorkflowStaticData('node') as Memory;
}

function startLimits(): RetryLimits {
	return { deadline: now() + TIME_LIMIT, outOfTime: SLOW };
}
