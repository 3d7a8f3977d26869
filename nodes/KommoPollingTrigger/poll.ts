import type { IPollFunctions } from 'n8n-workflow';

import { openApi } from '../shared/api/client';
import { now } from '../shared/api/deadline';
import { toNodeError } from '../shared/api/nodeError';
import type { KommoEvent } from '../shared/events/event';
import { LOOK_BACK } from './description';
import { makeItems, type Chosen } from './items/items';
import { limitsUntil, TIME_LIMIT } from './limits';
import { EventList } from './list/eventList';
import { alone } from './polling/alone';
import { isFirstPoll } from './polling/firstPoll';
import { listNew, remember, withTypes, type Memory } from './polling/memory';
import { readOn } from './polling/reading';
import { keep, recall, type Kept } from './polling/staticData';

/** Of the time of a poll: when the list is read, and when no further items are begun with */
const SHARES = { reading: 0.8, items: 0.85 };

/** How many events a poll gives. The text of a chat message costs a request, so it gives fewer with that. */
const MOST = { events: 10_000, chats: 100 };

/**
 * What has happened in Kommo since the last poll, the oldest first.
 *
 * @throws NodeApiError; then the next poll begins where this one did
 */
export async function pollKommo(context: IPollFunctions, chosen: Chosen): Promise<KommoEvent[]> {
	const allowed = context.getPollBudgetMs?.() ?? TIME_LIMIT;
	const key = `${context.getWorkflow().id} ${context.getNode().id}`;
	const poll = async () => await readNew(context, chosen, allowed);
	return (await alone(key, 2 * allowed, poll)) ?? [];
}

async function readNew(
	context: IPollFunctions,
	chosen: Chosen,
	allowed: number,
): Promise<KommoEvent[]> {
	const isFirst = isFirstPoll(context);
	const activation = context.getActivationMode();
	try {
		const last = recall(context);
		const startsNow = isFirst && activation === 'activate' && readOptions(context).startFromNow;
		const from = startsNow ? { poll: last.poll } : last;
		const budget = isFirst ? Math.min(allowed, TIME_LIMIT) : allowed;
		const { memory, items } = await goOn(context, chosen, from, budget);
		keep(context, memory, last);
		return items;
	} catch (error) {
		const problem = toNodeError(context.getNode(), error);
		// n8n 2.41 would never poll again for a workflow whose first poll at its start fails a few times.
		const isTakenUpAgain = activation === 'init' || activation === 'leadershipChange';
		if (!isFirst || !isTakenUpAgain) throw problem;
		context.logger.warn(`${context.getNode().name}: ${problem.message}`);
		return [];
	}
}

/** What is new, and the memory after it */
async function goOn(
	context: IPollFunctions,
	{ outputs: { events: types }, ...chosen }: Chosen,
	last: Kept,
	budget: number,
): Promise<{ memory: Memory; items: KommoEvent[] }> {
	const started = now();
	const api = await openApi(context);
	const until = started + SHARES.reading * budget;
	const list = new EventList(api, types, limitsUntil(until));
	if (!('time' in last)) {
		await list.readPage({ from: Math.floor(Date.now() / 1000) }, 1);
		const [node, instance] = [context.getNode().id, context.getInstanceId()];
		const begun = { ...last, node, instance, since: {}, time: list.time, given: {} };
		return { memory: remember(withTypes(begun, types, list.time), list, [], 0), items: [] };
	}
	const { lookBack } = readOptions(context);
	const asksForTexts =
		chosen.options.enrich.includes('message') && types.includes('incoming_chat_message');
	const count = asksForTexts ? Math.ceil((MOST.chats * budget) / TIME_LIMIT) : MOST.events;
	const reading = await readOn(list, last, { count, lookBack, until });
	const memory = withTypes(last, types, list.time);
	const found = listNew(reading.events, memory, list.time - lookBack);
	const isStuck = found.length === 0 && reading.time === last.time;
	if (reading.problem && isStuck) throw reading.problem;

	const { done, items } = await makeItems(
		found.slice(0, count),
		{ ...chosen, api, deadline: started + budget },
		{ size: Math.ceil(count / 4), until: started + SHARES.items * budget },
	);
	return { memory: remember(memory, reading, found, done), items };
}

function readOptions(context: IPollFunctions): { startFromNow: boolean; lookBack: number } {
	const options = context.getNodeParameter('options', {}) as Record<string, unknown> | null;
	const minutes = Math.min(Math.max(Number(options?.lookBack) || 0, LOOK_BACK.min), LOOK_BACK.max);
	return { startFromNow: options?.startFromNow === true, lookBack: minutes * 60 };
}
