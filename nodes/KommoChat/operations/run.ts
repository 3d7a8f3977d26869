import { startLimits } from '../limits';
import { botRefusals, editRefusals } from '../refusal';
import { findTarget } from '../target';
import { done, type Operation } from './operation';

const UNCERTAIN =
	'Kommo did not confirm the start of the Salesbot, so it may or may not have run. Look in the chat before you run it again.';

const TEXT_WITHOUT_FIELD =
	'There is a Text, but no Field to write it to. Choose the field that the Salesbot sends. If it sends a text of its own, clear Text.';

const fieldRefusals = editRefusals('write to the field', ', so the Salesbot was not run');

/** Runs a Salesbot. It can send a text that is written to a field before. */
export const run: Operation = async (call) => {
	const { api, parameters } = call;
	const bot_id = parameters.id('bot');
	const field_id = parameters.optionalId('field');
	if (field_id === undefined) parameters.mustBeEmpty('text', TEXT_WITHOUT_FIELD);
	const text = field_id === undefined ? '' : parameters.text('text');
	const { list: entity_type, id: entity_id } = findTarget(
		call,
		parameters.entityType('entityType'),
	);
	if (field_id !== undefined) {
		// https://developers.kommo.com/reference/updating-single-lead
		const body = { custom_fields_values: [{ field_id, values: [{ value: text }] }] };
		const content = { body, refusals: fieldRefusals };
		await api.request('PATCH', `${entity_type}/${entity_id}`, content, startLimits());
	}
	await api.request(
		'POST',
		`bots/${bot_id}/run`,
		{ body: { entity_id, entity_type }, uncertain: UNCERTAIN, refusals: botRefusals },
		startLimits(),
	);
	return done({ bot_id, entity_type, entity_id });
};
