import { sleep } from 'n8n-workflow';

import type { KommoApi } from '../api/client';
import { now } from '../api/deadline';
import { describeError, KommoApiError, OUT_OF_TIME } from '../api/problem';
import type { KommoEvent } from '../events/event';
import type { Json, JsonMap } from '../events/json';
import type { Enrichment } from './choice';
import { ENRICH } from './enrichments';
import { Lookup } from './lookup';
import { isForeign, isUnlinkedTask, subjectOf, type Subject } from './subject';

const OTHER_ACCOUNT =
	'This event comes from another account than the credential. Use a separate trigger for each account.';

/** In ms. Requests end this long before the deadline, so that they can still say why they failed. */
const MARGIN = 20;

/**
 * Adds to events what Kommo's API knows about their records. Never throws, and never takes longer than the
 * deadline. If something is missing, the event's `enrichment_error` says why.
 *
 * @param deadline by `now()`, in ms; Kommo waits 2 seconds for the answer to its webhook
 * @param openApi may throw a KommoApiError
 */
export async function enrich(
	events: readonly KommoEvent[],
	enrichments: readonly Enrichment[],
	deadline: number,
	openApi: () => Promise<KommoApi>,
): Promise<KommoEvent[]> {
	const timeIsOver = sleep(Math.max(0, Math.ceil(deadline - now()))).then(() => {
		throw new KommoApiError(OUT_OF_TIME);
	});
	timeIsOver.catch(() => {});
	const inTime: InTime = async (value) => await Promise.race([value, timeIsOver]);
	const lookup = inTime(openApi()).then((api) => new Lookup(api, { deadline: deadline - MARGIN }));
	lookup.catch(() => {});
	return await Promise.all(
		events.map(async (event) => await enrichEvent(event, enrichments, lookup, inTime)),
	);
}

/** Gives the value if it comes before the deadline, and else throws */
type InTime = <T>(value: Promise<T>) => Promise<T>;

async function enrichEvent(
	event: KommoEvent,
	enrichments: readonly Enrichment[],
	opening: Promise<Lookup>,
	inTime: InTime,
): Promise<KommoEvent> {
	if (!subjectOf(event) && !isUnlinkedTask(event)) return event;
	const problems = new Set<string>();
	const added: Record<string, Json> = {};
	try {
		const lookup = await opening;
		if (isForeign(event, lookup.api.host)) {
			return { ...event, enrichment_error: OTHER_ACCOUNT };
		}
		const subject = await inTime(findSubject(event, lookup));
		if (!subject) return event;
		const lacksContact = subject.contactId === undefined;
		const options = { withContacts: lacksContact && enrichments.includes('contact') };
		const fields = enrichments.flatMap((enrichment) =>
			Object.entries(ENRICH[enrichment](event, subject, lookup, options)),
		);
		const values = await Promise.allSettled(fields.map(([, find]) => inTime(find())));
		values.forEach((value, index) => {
			if (value.status === 'fulfilled') added[fields[index]![0]] = value.value;
			else problems.add(describeError(value.reason));
		});
	} catch (error) {
		problems.add(describeError(error));
	}
	const problem = [...problems].join(' ');
	return { ...addNames(event, added), ...added, ...(problem && { enrichment_error: problem }) };
}

/** The list of events names only the task, so this asks Kommo for the record that the task is for. */
async function findSubject(event: KommoEvent, lookup: Lookup): Promise<Subject | undefined> {
	if (!isUnlinkedTask(event)) return subjectOf(event);
	const { entity_type = null, entity_id = null } = await lookup.findTask(event.id);
	return subjectOf({ ...event, element_type: entity_type, element_id: entity_id });
}

/** The event with each name that was found, directly after its id: `status_id`, `status_name` */
function addNames(event: KommoEvent, found: JsonMap): KommoEvent {
	const fields = Object.entries(event).flatMap(([id, value]) => {
		const name = id.replace(/_id$/, '_name');
		const isNamed = Object.hasOwn(found, name);
		return isNamed ? [[id, value] as const, [name, found[name]!] as const] : [[id, value] as const];
	});
	return Object.fromEntries(fields) as KommoEvent;
}
