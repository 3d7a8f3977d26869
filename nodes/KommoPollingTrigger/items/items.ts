import type { KommoApi } from '../../shared/api/client';
import { now } from '../../shared/api/deadline';
import { enrich } from '../../shared/enrichment/enrichment';
import type { KommoEvent } from '../../shared/events/event';
import type { readParameters } from '../../shared/parameters';
import { passesFilters } from '../../shared/routing/selection';
import { limitsUntil } from '../limits';
import type { ListedEvent } from '../list/eventList';
import { toKommoEvent } from './item';
import { addStages } from './stages';

export type ChosenParameters = ReturnType<typeof readParameters>;

/** What is needed to make items: the user's choices, and the API for the rest */
export interface ItemContext extends Pick<ChosenParameters, 'filters' | 'options'> {
	api: KommoApi;
	/** By `now()`, in ms */
	deadline: number;
}

/** Turns listed events into events of the trigger. Only those that pass the filters stay. */
export async function selectEvents(
	listed: readonly ListedEvent[],
	{ api, deadline, filters }: ItemContext,
): Promise<KommoEvent[]> {
	const events = listed.map((event) => toKommoEvent(event, api.subdomain));
	const withStages = await addStages(events, api, limitsUntil(deadline));
	return withStages.filter((event) => passesFilters(event, filters));
}

export async function enrichEvents(
	events: KommoEvent[],
	{ api, deadline, options }: ItemContext,
): Promise<KommoEvent[]> {
	if (events.length === 0 || options.enrich.length === 0) return events;
	return await enrich(events, options.enrich, deadline, async () => api);
}

/**
 * Makes items in parts of `size` events. `done` is the number of events in the finished parts.
 *
 * @param until by `now()`, in ms. After it, only the first part still begins.
 * @throws KommoApiError if the first part fails
 */
export async function makeItems(
	listed: readonly ListedEvent[],
	itemContext: ItemContext,
	{ size, until }: { size: number; until: number },
): Promise<{ done: number; items: KommoEvent[] }> {
	const items: KommoEvent[] = [];
	let done = 0;
	while (done < listed.length && (done === 0 || now() < until)) {
		const part = listed.slice(done, done + size);
		const isFirst = done === 0;
		const partItems = await makePart(part, itemContext).catch((error: unknown) => {
			if (isFirst) throw error;
			return undefined;
		});
		if (!partItems) break;
		items.push(...partItems);
		done += part.length;
	}
	return { done, items };
}

async function makePart(
	listed: readonly ListedEvent[],
	itemContext: ItemContext,
): Promise<KommoEvent[]> {
	return await enrichEvents(await selectEvents(listed, itemContext), itemContext);
}
