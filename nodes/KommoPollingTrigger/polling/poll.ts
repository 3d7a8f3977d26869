import { NodeOperationError, type INodeExecutionData, type IPollFunctions } from 'n8n-workflow';

import { openApi, type KommoApi } from '../../shared/api/client';
import { now, type RetryLimits } from '../../shared/api/deadline';
import { toNodeError } from '../../shared/api/nodeError';
import { enrich } from '../../shared/enrichment/enrichment';
import type { KommoEvent } from '../../shared/events/event';
import { readParameters } from '../../shared/parameters';
import { toOutputs } from '../../shared/routing/outputs';
import { passesFilters } from '../../shared/routing/selection';
import { codeOf } from '../events';
import { alone } from './alone';
import { beginsActivation, isPublishedNow, isTakenUpAgain } from './activation';
import { openEventList, type ListedEvent, type ReadPage } from './eventList';
import { toKommoEvent } from './item';
import { choose, listNew, remember, startAt, type Memory } from './memory';
import { readOn } from './reading';
import { readNewest } from './sample';
import { addStages } from './stages';

/** In ms, for the list of events. What remains of the whole is for stages and enrichment. */
const READING_TIME_LIMIT = 20_000;

/** In ms. n8n may begin the next poll after a minute, and with its durable cursors gives one up after 45 s. */
const TIME_LIMIT = 30_000;

const MAX_SAMPLES = 10;

const TOO_SLOW = "Kommo's API took too long. The next poll goes on from here, so nothing is lost.";

const NO_EVENT = 'No event is chosen. Choose at least one in Trigger On.';

const NO_SAMPLE =
	'Kommo has no event that is chosen in Trigger On and passes the filters. Cause one in Kommo, or choose others, then try again.';

type Parameters = ReturnType<typeof readParameters>;

interface Poll extends Parameters {
	api: KommoApi;
	readPage: ReadPage;
	limits: RetryLimits;
	/** In Unix seconds */
	clock: number;
}

/**
 * The items of each output for what has happened in Kommo since the last poll; nothing if nothing has. In the
 * editor they are those of the newest events, and nothing is remembered.
 *
 * @throws NodeApiError, NodeOperationError; then the next poll begins where this one did
 */
export async function pollKommo(context: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	const parameters = readParameters(context);
	const { outputs } = parameters;
	if (outputs.events.length === 0) throw new NodeOperationError(context.getNode(), NO_EVENT);
	if (context.getMode() === 'manual') {
		const sample = await readSample(context, parameters);
		if (sample.length === 0) throw new NodeOperationError(context.getNode(), NO_SAMPLE);
		return toOutputs(sample, outputs, codeOf);
	}
	const key = `${context.getWorkflow().id} ${context.getNode().id}`;
	const events = await alone(key, async () => await readNew(context, parameters));
	return events && events.length > 0 ? toOutputs(events, outputs, codeOf) : null;
}

async function readNew(context: IPollFunctions, parameters: Parameters): Promise<KommoEvent[]> {
	const isFirst = beginsActivation(context);
	const kept = context.getWorkflowStaticData('node') as Partial<Memory>;
	try {
		const poll = await begin(context, parameters);
		const { clock, outputs, readPage } = poll;
		const startsNow = isFirst && isPublishedNow(context) && wantsStartNow(context);
		const memory = choose({ ...startAt(clock), ...(startsNow ? {} : kept) }, outputs.events, clock);
		const reading = await readOn(readPage, memory, READING_TIME_LIMIT, clock);
		const found = listNew(reading.events, memory);
		const events = await complete(poll, found);
		Object.assign(kept, remember(memory, found, reading));
		return events;
	} catch (error) {
		kept.failures = (kept.failures ?? 0) + 1;
		const problem = toNodeError(context.getNode(), error);
		// n8n 2.41 would never poll again for a workflow whose first poll at its start fails a few times.
		if (!isFirst || !isTakenUpAgain(context)) throw problem;
		context.logger.warn(`${context.getNode().name}: ${problem.message}`);
		return [];
	}
}

async function readSample(context: IPollFunctions, parameters: Parameters): Promise<KommoEvent[]> {
	try {
		const poll = await begin(context, parameters);
		const newest = await readNewest(poll.readPage, MAX_SAMPLES, poll.clock);
		return (await complete(poll, newest)).slice(-MAX_SAMPLES);
	} catch (error) {
		throw toNodeError(context.getNode(), error);
	}
}

async function begin(context: IPollFunctions, parameters: Parameters): Promise<Poll> {
	const started = now();
	const api = await openApi(context);
	const limitsOf = (time: number): RetryLimits => ({
		deadline: started + time,
		outOfTime: TOO_SLOW,
	});
	return {
		...parameters,
		api,
		readPage: openEventList(api, parameters.outputs.events, limitsOf(READING_TIME_LIMIT)),
		limits: limitsOf(TIME_LIMIT),
		clock: Math.floor(Date.now() / 1000),
	};
}

/** The listed events as those of the trigger that pass the filters, enriched. */
async function complete(
	{ api, limits, filters, options }: Poll,
	listed: readonly ListedEvent[],
): Promise<KommoEvent[]> {
	const events = listed.map((event) => toKommoEvent(event, api.subdomain));
	const withStages = await addStages(events, api, limits);
	const selected = withStages.filter((event) => passesFilters(event, filters));
	if (selected.length === 0 || options.enrich.length === 0) return selected;
	return await enrich(selected, options.enrich, limits.deadline, async () => api);
}

function wantsStartNow(context: IPollFunctions): boolean {
	const options = context.getNodeParameter('options', {}) as { startFromNow?: unknown } | null;
	return options?.startFromNow === true;
}
