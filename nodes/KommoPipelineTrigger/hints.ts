import {
	neverStartsWarning,
	severalOutputs,
	stageWarnings,
	warning,
} from '../shared/panel/warning';
import { EVENTS } from './events';

interface PanelParameters {
	events?: unknown;
	authentication?: unknown;
	filters?: { entities?: unknown; ignoreUnchangedStages?: unknown };
	options?: { enrich?: unknown };
}

/** The choices that take stage changes. Other Events takes them if Stage Changed is not chosen. */
const STAGE_CHANGES = ['status', 'other'];

export const hasNoStageChanges = ({ events, filters }: PanelParameters, codes: string[]) =>
	filters?.ignoreUnchangedStages === true &&
	Array.isArray(events) &&
	!codes.some((code) => events.includes(code));

export const leavesOutAll = (
	{ events, filters }: PanelParameters,
	entitiesOf: Record<string, readonly string[]>,
) => {
	const entities = filters?.entities;
	return (
		Array.isArray(events) &&
		events.length > 0 &&
		Array.isArray(entities) &&
		entities.length > 0 &&
		events.every((code: string) => entitiesOf[code]?.every((entity) => !entities.includes(entity)))
	);
};

export const cannotEnrich = ({ authentication, options }: PanelParameters) =>
	authentication === 'none' && Array.isArray(options?.enrich) && options.enrich.length > 0;

/** Their conditions can see neither the webhook URL nor the address of the editor. */
export const hints = [
	neverStartsWarning,
	severalOutputs,
	warning(
		'<b>Ignore Unchanged Stages</b> has nothing to filter, because <b>Trigger On</b> lacks Stage Changed. Choose it there, or remove the filter.',
		hasNoStageChanges,
		STAGE_CHANGES,
	),
	...stageWarnings('Stage Changed', STAGE_CHANGES),
	warning(
		'The filter <b>Entities</b> leaves out every event in <b>Trigger On</b>. Choose other events, or change the filter.',
		leavesOutAll,
		Object.fromEntries(EVENTS.map(({ code, entities }) => [code, entities])),
	),
	warning(
		'<b>Enrich With</b> needs access to Kommo. Choose Access Token or OAuth2 under <b>Access to Kommo (Optional)</b>.',
		cannotEnrich,
	),
];
