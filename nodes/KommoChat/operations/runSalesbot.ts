import type { KommoApi } from '../../shared/api/client';
import { refusals, type Sentence } from '../../shared/api/refusals';
import { startLimits } from '../limits';
import type { Id } from '../parameters';
import type { Operation } from './operation';

const UNCERTAIN =
	'Kommo did not confirm the start of the Salesbot, so it may or may not have run. Look in the chat before you run it again.';

const TEXT_WITHOUT_FIELD =
	'There is a Text, but no Field to write it to. Choose the field that the Salesbot sends. If it sends a text of its own, clear Text.';

const CHECK_PARAMETERS = 'Check the parameters of the node, then try again.';

const REFUSED_RUN: Sentence = ['Kommo refused the Salesbot', CHECK_PARAMETERS];

const REFUSED_RUNS = refusals({
	400: REFUSED_RUN,
	403: [
		'Kommo does not let the credential run the Salesbot',
		'Give its user the right to edit the lead or contact, or use the credential of an administrator.',
	],
	404: [
		'Kommo has no such Salesbot, or no lead or contact with this ID',
		'Check Salesbot, Entity Type and Entity ID, and the account address in the credential.',
	],
	422: REFUSED_RUN,
});

const REFUSED_FIELD: Sentence = ['Kommo refused the text for the field', CHECK_PARAMETERS];

const REFUSED_FIELDS = refusals({
	400: REFUSED_FIELD,
	403: [
		'Kommo does not let the credential write to the field',
		'The Salesbot was not run. Give its user the right to edit the lead or contact and the field, or use the credential of an administrator.',
	],
	404: [
		'Kommo has no lead or contact with this ID',
		'The Salesbot was not run. Check Entity Type and Entity ID, and the account address in the credential.',
	],
	422: REFUSED_FIELD,
});

/** Runs a Salesbot, which can send the text from a field. */
export const runSalesbot: Operation = async (api, parameters) => {
	const bot_id = parameters.id('bot');
	const entity_type = parameters.entityType('entityType');
	const entity_id = parameters.id('entityId');
	const field_id = parameters.optionalId('field');
	if (field_id !== undefined) {
		const text = parameters.text('text');
		await writeField(api, `${entity_type}/${entity_id}`, field_id, text);
	} else {
		parameters.mustBeEmpty('text', TEXT_WITHOUT_FIELD);
	}
	const body = { entity_id, entity_type };
	const content = { body, uncertain: UNCERTAIN, refusals: REFUSED_RUNS };
	await api.request('POST', `bots/${bot_id}/run`, content, startLimits());
	return [{ bot_id, entity_type, entity_id }];
};

/** https://developers.kommo.com/reference/updating-single-lead */
async function writeField(api: KommoApi, path: string, field_id: Id, text: string): Promise<void> {
	const body = { custom_fields_values: [{ field_id, values: [{ value: text }] }] };
	await api.request('PATCH', path, { body, refusals: REFUSED_FIELDS }, startLimits());
}
