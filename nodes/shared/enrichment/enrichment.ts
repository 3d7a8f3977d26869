import type { KommoApi } from '../api/client';
import { describeError } from '../api/problem';
import type { KommoEvent } from '../events/event';
import type { Json, JsonMap } from '../events/json';
import type { Enrichment } from './choice';
import { FIELDS } from './fields';
import { settle, type Outcome } from './outcome';
import { search, type Findings } from './search';
import { isForeign, subjectOf, type Subject } from './subject';

const OTHER_ACCOUNT =
	'This event comes from another account than that of the credential. Use a separate trigger for each account.';

/**
 * Adds to events what Kommo's API knows of the records that they are about. Never throws and
 * never takes longer than the deadline: the event's `enrichment_error` says why something is missing.
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
	const findings = await settle(() => search(events, enrichments, deadline, openApi));
	return events.map((event) => {
		const subject = subjectOf(event);
		if (!subject) return event;
		try {
			return addFields(event, subject, enrichments, findings);
		} catch (error) {
			return { ...event, enrichment_error: describeError(error) };
		}
	});
}

function addFields(
	event: KommoEvent,
	subject: Subject,
	enrichments: readonly Enrichment[],
	findings: Outcome<Findings>,
): KommoEvent {
	if ('value' in findings && isForeign(event, findings.value.host)) {
		return { ...event, enrichment_error: OTHER_ACCOUNT };
	}
	const found: Record<string, Json> = {};
	const problems = new Set<string>();
	for (const enrichment of enrichments) {
		for (const [field, find] of Object.entries(FIELDS[enrichment](event, subject))) {
			const outcome = 'problem' in findings ? findings : find(findings.value);
			if ('problem' in outcome) problems.add(outcome.problem);
			else found[field] = outcome.value;
		}
	}
	const problem = [...problems].join(' ');
	return { ...addNames(event, found), ...found, ...(problem && { enrichment_error: problem }) };
}

/** The event with each name that was found behind its id: `status_id`, `status_name` */
function addNames(event: KommoEvent, found: JsonMap): KommoEvent {
	const fields = Object.entries(event).flatMap(([id, value]) => {
		const name = id.replace(/_id$/, '_name');
		const isNamed = name !== id && name in found;
		return isNamed ? [[id, value] as const, [name, found[name]!] as const] : [[id, value] as const];
	});
	return Object.fromEntries(fields) as KommoEvent;
}
