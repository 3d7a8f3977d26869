import { neverStartsWarning, stageWarnings, warning } from '../shared/panel/warning';

interface Parameters {
	events?: unknown;
	options?: { additionalEvents?: unknown };
}

/** What stage changes can leave on: Other Events takes those that are not chosen themselves. */
const STAGE_CHANGES = ['status_lead', 'other'];

export const losesAdditionalEvents = ({ events, options }: Parameters) =>
	Boolean(options?.additionalEvents) &&
	Array.isArray(events) &&
	events.length > 0 &&
	!events.includes('other');

export const registersNothing = ({ events, options }: Parameters) =>
	!options?.additionalEvents &&
	Array.isArray(events) &&
	events.length > 0 &&
	events.every((code) => code === 'other');

/** Their conditions cannot see the webhook URL, nor the address that the editor is opened at. */
export const hints = [
	neverStartsWarning,
	warning(
		'<b>Other Events</b> alone registers no event in Kommo. Choose further events in <b>Trigger On</b>, or name their codes in the option Additional Events.',
		registersNothing,
	),
	warning(
		'<b>Additional Events</b> leave the trigger as Other Events, which <b>Trigger On</b> lacks, so they start nothing. Choose Other Events there.',
		losesAdditionalEvents,
	),
	...stageWarnings('Lead Stage Changed', STAGE_CHANGES),
];
