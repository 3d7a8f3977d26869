import type { Mockttp } from 'mockttp';
import type { IDataObject, IN8nHttpFullResponse } from 'n8n-workflow';

/** What mockttp sends back */
export type Answer = Awaited<
	ReturnType<Parameters<ReturnType<Mockttp['forAnyRequest']>['thenCallback']>[0]>
>;

export function json(statusCode: number, body: object): Answer {
	return {
		statusCode,
		headers: { 'content-type': 'application/hal+json' },
		body: JSON.stringify(body),
	};
}

/** A list as Kommo's API gives it: 204 when it is empty. */
export function list(key: string, entries: readonly object[], next?: string): Answer {
	if (entries.length === 0) return { statusCode: 204 };
	return json(200, {
		_page: 1,
		_links: { ...(next && { next: { href: next } }) },
		_embedded: { [key]: entries },
	});
}

/** Kommo's refusal of a request, because of the value at this path, e.g. `settings.0` */
export function invalid(status: number, path: string, detail: string): Answer {
	const errors = [{ code: 'InvalidValue', path, detail }];
	return json(status, {
		'validation-errors': [{ request_id: '0', errors }],
		title: 'Bad Request',
		status,
		detail: 'Request validation failed',
	});
}

/** The answer as n8n gives it to a node; 404 without one */
export function toResponse(answer: Answer | undefined): IN8nHttpFullResponse {
	const { statusCode = 404, body = '' } = (answer ?? {}) as { statusCode?: number; body?: string };
	const isJson = body.startsWith('{');
	return { statusCode, headers: {}, body: isJson ? (JSON.parse(body) as IDataObject) : body };
}
