import { startLimits } from '../limits';
import { botRefusals } from '../refusal';
import { findTarget } from '../target';
import { done, type Operation } from './operation';

/** Stops a Salesbot that runs for a lead or contact. */
export const stop: Operation = async (call) => {
	const { api, parameters } = call;
	const bot_id = parameters.id('bot');
	const { list: entity_type, id: entity_id } = findTarget(
		call,
		parameters.entityType('entityType'),
	);
	const content = { body: { entity_id, entity_type }, refusals: botRefusals };
	await api.request('POST', `bots/${bot_id}/stop`, content, startLimits());
	return done({ bot_id, entity_type, entity_id });
};
