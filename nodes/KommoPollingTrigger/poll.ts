import type { IPollFunctions } from 'n8n-workflow';

import { openApi } from '../shared/api/client';
import { now } from '../shared/api/deadline';
import { toNodeError } from '../shared/api/nodeError';
import type { KommoEvent } from '../shared/events/event';
import { LOOK_BACK } from './description';
import { makeItems, type ChosenParameters } from './items/items';
import { limitsUntil, TIME_LIMIT } from './limits';
import { EventList } from './list/eventList';
import { runAlone } from './polling/alone';
import { isFirstPoll } from './polling/firstPoll';
import { listNew, remember, withTypes, type Memory } from './polling/memory';
import { readNextPart } from './polling/reading';
import { keep, recall, type Kept } from './polling/staticData';

/** The shares of a poll's time after which it stops reading the list, and stops starting new items */
const SHARES = { reading: 0.8, items: 0.85 };

/**
 * The most events that a poll gives. Each text of a chat message costs a request, so with texts there are
 * fewer.
 */
const MAX_COUNT = { events: 10_000, chats: 100 };

/**
 * Gives the events in Kommo since the last poll, the oldest first.
 *
 * @throws NodeApiError; then the next poll begins where this one did
 */
export async function pollKommo(
	context: IPollFunctions,
	chosen: ChosenParameters,
): Promise<KommoEvent[]> {
	const allowed = context.getPollBudgetMs?.() ?? TIME_LIMIT;
	const key = `${context.getWorkflow().id} ${context.getNode().id}`;
	const isFirst = isFirstPoll(context);
	// With Start From Now, events count from this poll on, so it must not be skipped.
	const patience = isFirst && startsNow(context) ? TIME_LIMIT : 0;
	const poll = async () => await readNew(context, chosen, { allowed, isFirst });
	return (await runAlone(key, { longest: 2 * allowed, patience }, poll)) ?? [];
}

async function readNew(
	context: IPollFunctions,
	chosen: ChosenParameters,
	{ allowed, isFirst }: { allowed: number; isFirst: boolean },
): Promise<KommoEvent[]> {
	const activation = context.getActivationMode();
	try {
		const last = recall(context);
		const from = isFirst && startsNow(context) ? { poll: last.poll } : last;
		const budget = isFirst ? Math.min(allowed, TIME_LIMIT) : allowed;
		const { memory, items } = await readSince(context, chosen, from, budget);
		keep(context, memory, last);
		return items;
	} catch (error) {
		const problem = toNodeError(context.getNode(), error);
		// When the first poll after n8n's start fails a few times, n8n 2.41 never polls for this workflow again.
		const isStart = activation === 'init' || activation === 'leadershipChange';
		if (!isFirst || !isStart) throw problem;
		context.logger.warn(`${context.getNode().name}: ${problem.message}`);
		return [];
	}
}

/** Reads what is new, and gives the memory for the next poll */
async function readSince(
	context: IPollFunctions,
	{ outputs: { events: types }, ...chosen }: ChosenParameters,
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
		const firstMemory = { ...last, node, instance, since: {}, time: list.time, given: {} };
		return { memory: remember(withTypes(firstMemory, types, list.time), list, [], 0), items: [] };
	}
	const { lookBack } = readOptions(context);
	const asksForTexts =
		chosen.options.enrich.includes('message') && types.includes('incoming_chat_message');
	const count = asksForTexts
		? Math.ceil((MAX_COUNT.chats * budget) / TIME_LIMIT)
		: MAX_COUNT.events;
	const reading = await readNextPart(list, last, { count, lookBack, until });
	const memory = withTypes(last, types, list.time);
	const newEvents = listNew(reading.events, memory, list.time - lookBack);
	const { time, width = Infinity, problem } = reading;
	// With a smaller window, the next poll may get further.
	const isStuck = time === last.time && width >= (last.width ?? Infinity);
	if (problem && isStuck && newEvents.length === 0) throw problem;

	const { done, items } = await makeItems(
		newEvents.slice(0, count),
		{ ...chosen, api, deadline: started + budget },
		{ size: Math.ceil(count / 4), until: started + SHARES.items * budget },
	);
	return { memory: remember(memory, reading, newEvents, done), items };
}

/** Whether the first poll leaves out what happened before */
function startsNow(context: IPollFunctions): boolean {
	return context.getActivationMode() === 'activate' && readOptions(context).startFromNow;
}

function readOptions(context: IPollFunctions): { startFromNow: boolean; lookBack: number } {
	const options = context.getNodeParameter('options', {}) as Record<string, unknown> | null;
	const minutes = Math.min(Math.max(Number(options?.lookBack) || 0, LOOK_BACK.min), LOOK_BACK.max);
	return { startFromNow: options?.startFromNow === true, lookBack: minutes * 60 };
}
