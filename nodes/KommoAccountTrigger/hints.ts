import {
	neverStartsWarning,
	severalOutputs,
	stageWarnings,
	warning,
} from '../shared/panel/warning';

interface PanelParameters {
	events?: unknown;
	options?: { additionalEvents?: unknown };
}

/** The choices that take stage changes. Other Events takes them if Lead Stage Changed is not chosen. */
const STAGE_CHANGES = ['status_lead', 'other'];

export const losesAdditionalEvents = ({ events, options }: PanelParameters) =>
	Boolean(options?.additionalEvents) &&
	Array.isArray(events) &&
	events.length > 0 &&
	!events.includes('other');

export const registersNothing = ({ events, options }: PanelParameters) =>
	!options?.additionalEvents &&
	Array.isArray(events) &&
	events.length > 0 &&
	events.every((code) => code === 'other');

/** Their conditions can see neither the webhook URL nor the address of the editor. */
export const hints = [
	neverStartsWarning,
	severalOutputs,
	warning(
		'<b>Other Events</b> alone registers no event in Kommo. Choose further events in <b>Trigger On</b>, or name their codes in the option Additional Events.',
		registersNothing,
	),
	warning(
		'<b>Additional Events</b> leave on the output of Other Events, which <b>Trigger On</b> lacks, so they start nothing. Choose Other Events there.',
		losesAdditionalEvents,
	),
	...stageWarnings('Lead Stage Changed', STAGE_CHANGES),
];
