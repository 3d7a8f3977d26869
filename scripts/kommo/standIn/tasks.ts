import { json, type Answer } from './answers';

/** A task as an integration creates it. Without a responsible user, it is for the token's user. */
interface Task {
	text: string;
	/** Unix seconds */
	complete_till: number;
	entity_id?: number;
	entity_type?: 'leads' | 'contacts' | 'companies' | 'customers';
	responsible_user_id?: number;
}

/** Kommo's own limit for one request, https://developers.kommo.com/docs/limitations */
const MAX_TASKS = 250;

/** The tasks of Kommo's API, https://developers.kommo.com/reference/add-tasks */
export class Tasks {
	/** The tasks of each accepted request, the oldest first */
	readonly created: Task[][] = [];

	/** The statuses of the next answers. A request creates tasks only if its status is 200. */
	readonly nextStatuses: number[] = [];

	/** Creates all tasks of a request, or none. */
	answer(body: unknown): Answer {
		const status = this.nextStatuses.shift() ?? 200;
		if (status !== 200) return json(status, { title: 'Error', status });
		if (!isListOfTasks(body)) return json(400, { title: 'Bad Request', status: 400 });
		const first = this.created.flat().length;
		this.created.push(body);
		const tasks = body.map((_, index) => ({ id: first + index + 1, request_id: String(index) }));
		return json(200, { _embedded: { tasks } });
	}
}

function isListOfTasks(body: unknown): body is Task[] {
	const isOne = ({ text, complete_till, responsible_user_id = 0 }: Partial<Task>) =>
		typeof text === 'string' &&
		text !== '' &&
		Number.isInteger(complete_till) &&
		Number.isInteger(responsible_user_id);
	return Array.isArray(body) && body.length > 0 && body.length <= MAX_TASKS && body.every(isOne);
}
