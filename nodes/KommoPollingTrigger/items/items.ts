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

export type Chosen = ReturnType<typeof readParameters>;

/** What makes items of listed events: what the user chose, and the API that is asked for the rest */
export interface Maker extends Pick<Chosen, 'filters' | 'options'> {
	api: KommoApi;
	/** By `now()`, in ms */
	deadline: number;
}

/** The listed events as those of the trigger that pass the filters. */
export async function select(
	listed: readonly ListedEvent[],
	{ api, deadline, filters }: Maker,
): Promise<KommoEvent[]> {
	const events = listed.map((event) => toKommoEvent(event, api.subdomain));
	const withStages = await addStages(events, api, limitsUntil(deadline));
	return withStages.filter((event) => passesFilters(event, filters));
}

export async function addMore(
	events: KommoEvent[],
	{ api, deadline, options }: Maker,
): Promise<KommoEvent[]> {
	if (events.length === 0 || options.enrich.length === 0) return events;
	return await enrich(events, options.enrich, deadline, async () => api);
}

/**
 * Makes items part by part, of so many events each; `done` counts the events that they were made of.
 *
 * @param until by `now()`, in ms; no part but the first is begun later
 * @throws KommoApiError when not even the first part could be made
 */
export async function makeItems(
	listed: readonly ListedEvent[],
	maker: Maker,
	{ size, until }: { size: number; until: number },
): Promise<{ done: number; items: KommoEvent[] }> {
	const items: KommoEvent[] = [];
	let done = 0;
	while (done < listed.length && (done === 0 || now() < until)) {
		const part = listed.slice(done, done + size);
		const isFirst = done === 0;
		const made = await makeAll(part, maker).catch((error: unknown) => {
			if (isFirst) throw error;
			return undefined;
		});
		if (!made) break;
		items.push(...made);
		done += part.length;
	}
	return { done, items };
}

async function makeAll(listed: readonly ListedEvent[], maker: Maker): Promise<KommoEvent[]> {
	return await addMore(await select(listed, maker), maker);
}
