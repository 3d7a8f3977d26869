import { NodeOperationError, type INodeExecutionData, type IPollFunctions } from 'n8n-workflow';

import { openApi, type KommoApi } from '../../shared/api/client';
import { now, type RetryLimits } from '../../shared/api/deadline';
import { toNodeError } from '../../shared/api/nodeError';
import { KommoApiError } from '../../shared/api/problem';
import { enrich } from '../../shared/enrichment/enrichment';
import type { KommoEvent } from '../../shared/events/event';
import { checkChoices, readParameters } from '../../shared/parameters';
import { toOutputs } from '../../shared/routing/outputs';
import { passesFilters } from '../../shared/routing/selection';
import { LOOK_BACK, properties } from '../description';
import { codeOf } from '../events';
import { alone, isFirstPoll, isPublishedNow, isTakenUpAgain, markPolled } from './activation';
import { openEventList, type EventList, type ListedEvent } from './eventList';
import { toKommoEvent } from './item';
import { beginAt, listNew, remember, withTypes, type Memory } from './memory';
import { readOn } from './reading';
import { findNewest } from './sample';
import { addStages } from './stages';
import { keep, recall, type Kept } from './staticData';

/** In ms, for the whole poll where n8n does not say, and for one that somebody waits for */
const TIME_LIMIT = 30_000;

/** In ms, for Fetch Test Event to search */
const SEARCH_TIME_LIMIT = 20_000;

/** Of the time of a poll: when the list is read, and when no further items are begun with */
const SHARES = { reading: 0.8, items: 0.85 };

/** How many events a poll gives. The text of a chat message costs a request, so it gives fewer with that. */
const MOST = { events: 10_000, chats: 100 };
const AT_ONCE = { events: 2_500, chats: 50 };

const TOO_SLOW = "Kommo's API took too long. The next poll goes on from here, so nothing is lost.";

const NO_EVENT = 'No event is chosen. Choose at least one in Trigger On.';

type Chosen = ReturnType<typeof readParameters>;

interface Poll extends Chosen {
	context: IPollFunctions;
	api: KommoApi;
	openList(types: readonly string[]): EventList;
	/** By `now()`, in ms: for the list, and for the last request of all */
	readUntil: number;
	limits: RetryLimits;
	/** In ms */
	budget: number;
}

/**
 * The items of each output for what has happened in Kommo since the last poll; nothing if nothing has. In the
 * editor they are those of the newest events, and nothing is remembered.
 *
 * @throws NodeApiError, NodeOperationError; then the next poll begins where this one did
 */
export async function pollKommo(context: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	checkChoices(context, properties);
	const chosen = readParameters(context);
	const { outputs } = chosen;
	if (outputs.events.length === 0) throw new NodeOperationError(context.getNode(), NO_EVENT);
	if (context.getMode() === 'manual') {
		return toOutputs(await readSample(context, chosen), outputs, codeOf);
	}
	const isFirst = isFirstPoll(context);
	const allowed = context.getPollBudgetMs?.() ?? TIME_LIMIT;
	const budget = isFirst ? Math.min(allowed, TIME_LIMIT) : allowed;
	const key = `${context.getWorkflow().id} ${context.getNode().id}`;
	const poll = async () => await readNew(context, chosen, budget, isFirst);
	const events = await alone(key, 2 * budget, poll);
	return events && events.length > 0 ? toOutputs(events, outputs, codeOf) : null;
}

async function readNew(
	context: IPollFunctions,
	chosen: Chosen,
	budget: number,
	isFirst: boolean,
): Promise<KommoEvent[]> {
	markPolled(context);
	try {
		const last = recall(context);
		const poll = await begin(context, chosen, budget, SHARES.reading * budget);
		const startsNow = isFirst && isPublishedNow(context) && readOptions(context).startFromNow;
		const { memory, events } = await goOn(poll, startsNow ? { poll: last.poll } : last);
		keep(context, memory, last);
		return events;
	} catch (error) {
		const problem = toNodeError(context.getNode(), error);
		// n8n 2.41 would never poll again for a workflow whose first poll at its start fails a few times.
		if (!isFirst || !isTakenUpAgain(context)) throw problem;
		context.logger.warn(`${context.getNode().name}: ${problem.message}`);
		return [];
	}
}

/** What is new, the oldest first, and the memory after it. */
async function goOn(poll: Poll, last: Kept): Promise<{ memory: Memory; events: KommoEvent[] }> {
	const { context, openList, outputs, readUntil } = poll;
	const list = openList(outputs.events);
	if (!('time' in last)) {
		const { time } = await list.readPage({ from: Math.floor(Date.now() / 1000) }, 1);
		const memory = beginAt(time, context.getNode().id, context.getInstanceId(), last.poll);
		return { memory: withTypes(memory, outputs.events, time), events: [] };
	}
	const { lookBack } = readOptions(context);
	const count = mostOf(poll);
	const reading = await readOn(list, last, { count, lookBack, deadline: readUntil });
	const memory = withTypes(last, outputs.events, reading.settled + lookBack);
	const found = listNew(reading.events, memory, reading.settled);
	const isStuck = found.length === 0 && reading.time === last.time;
	if (reading.problem && isStuck) throw reading.problem;

	const { done, events } = await complete(poll, found.slice(0, count));
	const time = Math.min(reading.time, found[done]?.created_at ?? Infinity);
	const after = remember(memory, found.slice(0, done), time);
	return { memory: { ...after, width: reading.width }, events };
}

/** Makes items of events, part by part while there is time; `done` counts the events. */
async function complete(
	poll: Poll,
	found: readonly ListedEvent[],
): Promise<{ done: number; events: KommoEvent[] }> {
	const size = asksForTexts(poll) ? AT_ONCE.chats : AT_ONCE.events;
	const until = poll.limits.deadline - (1 - SHARES.items) * poll.budget;
	const events: KommoEvent[] = [];
	let done = 0;
	while (done < found.length && (done === 0 || now() < until)) {
		const part = found.slice(done, done + size);
		const isFirst = done === 0;
		const items = await toItems(poll, part).catch((error: unknown) => {
			if (isFirst) throw error;
			return undefined;
		});
		if (!items) break;
		events.push(...items);
		done += part.length;
	}
	return { done, events };
}

async function readSample(context: IPollFunctions, chosen: Chosen): Promise<KommoEvent[]> {
	try {
		const poll = await begin(context, chosen, TIME_LIMIT, SEARCH_TIME_LIMIT);
		const selectSome = async (some: readonly ListedEvent[]) => await select(poll, some);
		const { events: types } = poll.outputs;
		const sample = await findNewest(types, poll.openList, selectSome, poll.readUntil);
		if (sample.events.length > 0) return await addMore(poll, sample.events);
		const passes = poll.filters.stages === undefined ? '' : ' and passes the filters';
		throw new KommoApiError(
			`Kommo has no event of the last ${sample.lookedBack} that is chosen in Trigger On${passes}. Cause one in Kommo, or choose others, then try again.`,
		);
	} catch (error) {
		throw toNodeError(context.getNode(), error);
	}
}

async function begin(
	context: IPollFunctions,
	chosen: Chosen,
	budget: number,
	forList: number,
): Promise<Poll> {
	const started = now();
	const api = await openApi(context);
	const limitsOf = (time: number): RetryLimits => ({
		deadline: started + time,
		outOfTime: TOO_SLOW,
	});
	return {
		...chosen,
		context,
		api,
		openList: (types) => openEventList(api, types, limitsOf(forList)),
		readUntil: started + forList,
		limits: limitsOf(budget),
		budget,
	};
}

/** The listed events as those of the trigger that pass the filters. */
async function select(
	{ api, limits, filters }: Poll,
	listed: readonly ListedEvent[],
): Promise<KommoEvent[]> {
	const events = listed.map((event) => toKommoEvent(event, api.subdomain));
	const withStages = await addStages(events, api, limits);
	return withStages.filter((event) => passesFilters(event, filters));
}

async function toItems(poll: Poll, listed: readonly ListedEvent[]): Promise<KommoEvent[]> {
	return await addMore(poll, await select(poll, listed));
}

async function addMore(
	{ api, limits, options }: Poll,
	events: KommoEvent[],
): Promise<KommoEvent[]> {
	if (events.length === 0 || options.enrich.length === 0) return events;
	return await enrich(events, options.enrich, limits.deadline, async () => api);
}

function asksForTexts({ options, outputs }: Poll): boolean {
	return options.enrich.includes('message') && outputs.events.includes('incoming_chat_message');
}

function mostOf(poll: Poll): number {
	return asksForTexts(poll) ? Math.ceil((MOST.chats * poll.budget) / TIME_LIMIT) : MOST.events;
}

function readOptions(context: IPollFunctions): { startFromNow: boolean; lookBack: number } {
	const options = context.getNodeParameter('options', {}) as Record<string, unknown> | null;
	const minutes = Math.min(Math.max(Number(options?.lookBack) || 0, LOOK_BACK.min), LOOK_BACK.max);
	return { startFromNow: options?.startFromNow === true, lookBack: minutes * 60 };
}
