import type { Answer } from './answers';
import { answerApi, readIds } from './api';
import { Drive, DRIVE_URL } from './drive';
import { Events } from './events';
import { Leads } from './leads';
import { Talks } from './talks';
import { Tasks } from './tasks';
import { Webhooks } from './webhooks';

export interface ApiRequest {
	method: string;
	url: string;
	body: Buffer;
}

/** A Kommo account in memory: its data, and the answers of its API, shaped as in Kommo's API reference */
export class KommoAccount {
	readonly webhooks = new Webhooks();

	readonly events = new Events();

	readonly leads = new Leads();

	readonly talks = new Talks(this.leads);

	readonly drive = new Drive();

	readonly tasks = new Tasks();

	answerApi({ method, url, body: bytes }: ApiRequest): Answer {
		const { origin, pathname: path, searchParams: query } = new URL(url);
		if (origin === DRIVE_URL) return this.drive.answer({ url: origin + path, body: bytes });
		const body = parse(bytes);
		switch (`${method} ${path}`) {
			case 'GET /api/v4/events':
				return this.events.answer(query);
			case 'GET /api/v4/leads':
				return this.leads.answer(readIds(query));
			case 'GET /api/v4/leads/pipelines':
				return this.leads.answerPipelines();
			case 'POST /api/v4/tasks':
				return this.tasks.answer(body);
		}
		if (path === '/api/v4/webhooks') {
			const destination = query.get('filter[destination]') ?? undefined;
			return this.webhooks.answer({ method, destination, body });
		}
		return this.talks.answer({ method, path, query, body }) ?? answerApi(path, query);
	}
}

function parse(bytes: Buffer): unknown {
	try {
		return JSON.parse(bytes.toString());
	} catch {
		return undefined;
	}
}
