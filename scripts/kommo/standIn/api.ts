import { DRIVE_URL } from './drive';
import { json, list, type Answer } from './answers';
import { makeLead } from './leads';
import { USER } from './users';

export const makeContact = (id: number) => ({ id, name: `Contact ${id}` });
export const makeCompany = (id: number) => ({ id, name: `Company ${id}` });
const makeCustomer = (id: number) => ({ ...makeLead(id), name: `Customer ${id}` });

export const readIds = (query: URLSearchParams) => query.getAll('filter[id][]').map(Number);

/** Answers other requests that read the account's data. */
export function answerApi(path: string, query: URLSearchParams): Answer {
	const ids = readIds(query);
	const page = Number(query.get('page') ?? 1);
	switch (path) {
		case '/api/v4/account':
			return json(200, { id: 29085955, name: 'Acme', subdomain: 'acme', drive_url: DRIVE_URL });
		case '/api/v4/users':
			return page === 1
				? list('users', [{ id: 1, name: 'Somebody' }], 'https://acme.kommo.com/api/v4/users?page=2')
				: list('users', [USER]);
		case '/api/v4/customers':
			return list('customers', ids.map(makeCustomer));
		case '/api/v4/contacts':
			return list('contacts', ids.map(makeContact));
		case '/api/v4/companies':
			return list('companies', ids.map(makeCompany));
		default:
			return json(404, { title: 'Not found', status: 404 });
	}
}
