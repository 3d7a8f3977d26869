import type { Refusals } from '../../shared/api/refusals';
import { isMap, type JsonMap } from '../../shared/events/json';
import { startLimits } from '../limits';
import type { Id, ItemParameters } from '../parameters';
import { editRefusals } from '../refusal';
import { findTarget } from '../target';
import { done, type Call, type Operation } from './operation';

const NOTHING =
	'Nothing is chosen that hands the lead over. Choose a Stage, a Field or a Responsible User, or enter a Task.';

const leadRefusals = editRefusals('hand over the lead', ', so it was not handed over');

/** What to say if the task fails after the lead was changed */
const AFTER_CHANGE = {
	uncertain:
		'The lead is handed over, but Kommo did not confirm the task, so it may or may not have been created. Look at the lead before you hand it over again.',
	refusals: editRefusals('create the task', '. The lead is handed over, but without a task'),
};

/** What to say if the task fails and nothing else was to be done */
const TASK_ALONE = {
	uncertain:
		'Kommo did not confirm the task, so it may or may not have been created. Look at the lead before you try again.',
	refusals: editRefusals('create the task'),
};

/** Kommo's task type Follow-up */
const FOLLOW_UP = 1;

/** Gives the lead to a person. It changes the lead first, so that the AI is silent, and then creates the task. */
export const handOver: Operation = async (call) => {
	const { api, parameters } = call;
	const changes = readChanges(parameters);
	const text = parameters.optionalText('task');
	const dueIn = text ? parameters.number('dueIn', { min: 1 }) : 0;
	const isChange = Object.keys(changes).length > 0;
	if (!isChange && !text) throw parameters.toError(NOTHING);
	const { list, id: entity_id } = findTarget(call, 'leads');
	if (list !== 'leads') {
		throw parameters.toError(
			'The item is about a contact without a lead, but only a lead can be handed over. Enter the ID of a lead in Entity ID.',
		);
	}
	if (isChange) {
		const content = { body: changes, refusals: leadRefusals };
		await api.request('PATCH', `leads/${entity_id}`, content, startLimits());
	}
	if (!text) return done({ entity_id, task_id: null });
	const sentences = isChange ? AFTER_CHANGE : TASK_ALONE;
	return done({
		entity_id,
		task_id: await createTask(call, entity_id, { text, dueIn }, sentences),
	});
};

/** https://developers.kommo.com/reference/updating-single-lead */
function readChanges(parameters: ItemParameters): JsonMap {
	const pipeline_id = parameters.optionalId('pipeline');
	const status_id = parameters.optionalId('stage');
	const field_id = parameters.optionalId('field');
	const responsible_user_id = parameters.optionalId('responsibleUser');
	if (pipeline_id !== undefined && status_id === undefined) throw parameters.emptyError('stage');
	return {
		...(pipeline_id !== undefined && { pipeline_id }),
		...(status_id !== undefined && { status_id }),
		...(responsible_user_id !== undefined && { responsible_user_id }),
		...(field_id !== undefined && {
			custom_fields_values: [{ field_id, values: [{ value: true }] }],
		}),
	};
}

/**
 * https://developers.kommo.com/reference/add-tasks
 *
 * @param dueIn in minutes
 * @param sentences what to say if it fails
 */
async function createTask(
	call: Call,
	entity_id: Id,
	{ text, dueIn }: { text: string; dueIn: number },
	sentences: typeof TASK_ALONE,
) {
	const responsible = await findResponsible(call, entity_id, sentences.refusals);
	const task: JsonMap = {
		text,
		task_type_id: FOLLOW_UP,
		complete_till: Math.floor(Date.now() / 1000 + dueIn * 60),
		entity_id,
		entity_type: 'leads',
		...(responsible !== undefined && { responsible_user_id: responsible }),
	};
	const content = { body: [task], ...sentences };
	const { body } = await call.api.request('POST', 'tasks', content, startLimits());
	const tasks = isMap(body?._embedded) ? body._embedded.tasks : [];
	const [created] = Array.isArray(tasks) ? tasks : [];
	return isMap(created) ? (created.id ?? null) : null;
}

/** The user for the task. Without one, Kommo would give it to the token's user. */
async function findResponsible({ api, parameters }: Call, lead: Id, refusals: Refusals) {
	const chosen = parameters.optionalId('responsibleUser');
	if (chosen !== undefined) return chosen;
	const { body } = await api.request('GET', `leads/${lead}`, { refusals }, startLimits());
	return body?.responsible_user_id ?? undefined;
}
