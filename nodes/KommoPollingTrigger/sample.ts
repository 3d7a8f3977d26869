import type { IPollFunctions } from 'n8n-workflow';

import { openApi } from '../shared/api/client';
import { now } from '../shared/api/deadline';
import { toNodeError } from '../shared/api/nodeError';
import { KommoApiError } from '../shared/api/problem';
import { takenBy } from '../shared/routing/selection';
import type { KommoEvent } from '../shared/events/event';
import { codesOf } from './events';
import { enrichEvents, selectEvents, type ChosenParameters, type ItemContext } from './items/items';
import { limitsUntil, TIME_LIMIT } from './limits';
import { byTime, EventList } from './list/eventList';
import { readPages } from './list/readPages';

/** In ms. The rest of the time limit is for enrichment. */
const SEARCH_TIME_LIMIT = 20_000;

const TOO_SLOW = "Kommo's API took too long. Try again.";

const [MINUTE, HOUR, DAY] = [60, 60 * 60, 24 * 60 * 60];

/** How far back to look, step by step, in seconds */
const SPANS = [
	[5 * MINUTE, '5 minutes'],
	[30 * MINUTE, '30 minutes'],
	[3 * HOUR, '3 hours'],
	[12 * HOUR, '12 hours'],
	[2 * DAY, '2 days'],
	[7 * DAY, '7 days'],
	[30 * DAY, '30 days'],
] as const;

/** Since Kommo promises no order, the newest event of a span may be on any of its pages. */
const MAX_PAGES = 40;

/**
 * What Fetch Test Event shows: the newest event of each chosen type that passes the filters, the oldest of them first.
 *
 * @throws NodeApiError
 */
export async function fetchSample(
	context: IPollFunctions,
	{ outputs, ...chosen }: ChosenParameters,
): Promise<KommoEvent[]> {
	try {
		const started = now();
		const api = await openApi(context);
		const itemContext = { ...chosen, api, deadline: started + TIME_LIMIT };
		const { events, lookedBack } = await search(
			outputs.events,
			itemContext,
			started + SEARCH_TIME_LIMIT,
		);
		if (events.length > 0) return await enrichEvents(events, itemContext);
		const passes = chosen.filters.stages === undefined ? '' : ' and passes the filters';
		throw new KommoApiError(
			`Kommo has no event of the last ${lookedBack} that is chosen in Trigger On${passes}. Cause one in Kommo, or choose others, then try again.`,
		);
	} catch (error) {
		throw toNodeError(context.getNode(), error);
	}
}

/**
 * Searches until the time is over. Gives what it has found, and how far back it has looked, e.g. `12 hours`.
 *
 * @param until by `now()`, in ms
 */
async function search(types: readonly string[], itemContext: ItemContext, until: number) {
	const found = new Map<string, KommoEvent>();
	const start = Math.floor(Date.now() / 1000);
	let [looked, lookedBack] = [0, ''];
	for (const [seconds, name] of SPANS) {
		const missing = types.filter((type) => !found.has(type));
		if (missing.length === 0 || now() >= until) break;
		const list = new EventList(itemContext.api, missing, limitsUntil(until, TOO_SLOW));
		const span = { from: start - seconds, ...(looked > 0 && { to: start - looked - 1 }) };
		const { events, problem } = await readPages(list, span, { count: MAX_PAGES, until });
		const newest = (await selectEvents(events.sort(byTime), itemContext)).reverse();
		for (const event of newest) {
			const type = takenBy(codesOf(event), types);
			if (type && !found.has(type)) found.set(type, event);
		}
		const isUseless = found.size === 0 && (looked === 0 || now() < until);
		if (problem && isUseless) throw problem;
		if (problem) break;
		[looked, lookedBack] = [seconds, name];
	}
	const events = [...found.values()].sort((a, b) => Number(a.created_at) - Number(b.created_at));
	return { events, lookedBack };
}
