import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { openApi } from '../api/client';
import { readEvents } from '../decoding/payload';
import { NOT_KOMMO, TOO_MANY, toRefusal, type Refusal } from './refusal';
import { readBody } from './request';
import { enrich } from '../enrichment/enrichment';
import type { KommoEvent } from '../events/event';
import { toOutputs } from '../routing/outputs';
import { passesFilters, takenBy } from '../routing/selection';
import { readParameters } from '../parameters';

/**
 * Turns a request into items. The webhook trigger has checked the token already.
 *
 * @param received when the request came, by `now()`, in ms
 * @param codesOf the event's codes in the trigger's table, the most exact one first
 */
export async function receive(
	context: IWebhookFunctions,
	received: number,
	codesOf: (event: KommoEvent) => readonly string[],
): Promise<IWebhookResponseData> {
	let body: string;
	try {
		body = await readBody(context.getRequestObject());
	} catch (error) {
		return refuse(context, toRefusal(error));
	}
	const { outputs, filters, options } = readParameters(context);
	const takenCode = (event: KommoEvent) => takenBy(codesOf(event), outputs.events);
	const selected = readEvents(
		body,
		(event) => takenCode(event) !== undefined && passesFilters(event, filters),
	);
	if (selected === 'notKommo') return refuse(context, NOT_KOMMO);
	if (selected === 'tooMany') return refuse(context, TOO_MANY);
	if (selected.length === 0) return { webhookResponse: '' };

	const deadline = received + options.enrichmentTimeLimit;
	const enriched = options.enrich.length
		? await enrich(selected, options.enrich, deadline, () => openApi(context))
		: selected;
	const items = options.includeRawBody
		? enriched.map((event) => ({ ...event, raw_body: body }))
		: enriched;
	return { workflowData: toOutputs(items, outputs, takenCode) };
}

export function refuse(
	context: IWebhookFunctions,
	{ status, message }: Refusal,
): IWebhookResponseData {
	context.getResponseObject().status(status).json({ message });
	return { noWebhookResponse: true };
}
