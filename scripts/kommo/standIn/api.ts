import { DRIVE_URL } from './drive';
import { json, list, type Answer } from './answers';

export const USER = { id: 938300, name: 'Ana Souza', email: 'ana@example.com' };

const PIPELINES = [
	{ id: 7, name: 'Sales', is_archive: false, stages: { 10: 'Negotiation', 20: 'Contract' } },
	{ id: 8, name: 'Support', is_archive: false, stages: { 30: 'Open' } },
	{ id: 9, name: 'Old sales', is_archive: true, stages: { 40: 'Done' } },
].map(({ stages, ...pipeline }) => ({
	...pipeline,
	_embedded: {
		statuses: Object.entries({ ...stages, 142: 'Closed - won', 143: 'Closed - lost' }).map(
			([id, name]) => ({ id: Number(id), name, pipeline_id: pipeline.id }),
		),
	},
}));

/** Each lead n has the main contact 100000 + n; lead 404 does not exist, lead 405 has no contact. */
export const makeLead = (id: number) => ({
	id,
	name: `Lead ${id}`,
	price: 1000,
	responsible_user_id: USER.id,
	pipeline_id: 7,
	status_id: 142,
	_embedded: {
		contacts:
			id === 405
				? []
				: [
						{ id: 1, is_main: false },
						{ id: 100_000 + id, is_main: true },
					],
	},
});
export const makeContact = (id: number) => ({ id, name: `Contact ${id}` });
export const makeCompany = (id: number) => ({ id, name: `Company ${id}` });
const makeCustomer = (id: number) => ({ ...makeLead(id), name: `Customer ${id}` });

/** Answers requests that read the account's data. */
export function answerApi(path: string, query: URLSearchParams): Answer {
	const ids = query.getAll('filter[id][]').map(Number);
	const page = Number(query.get('page') ?? 1);
	switch (path) {
		case '/api/v4/account':
			return json(200, { id: 29085955, name: 'Acme', subdomain: 'acme', drive_url: DRIVE_URL });
		case '/api/v4/leads/pipelines':
			return list('pipelines', PIPELINES);
		case '/api/v4/users':
			return page === 1
				? list('users', [{ id: 1, name: 'Somebody' }], 'https://acme.kommo.com/api/v4/users?page=2')
				: list('users', [USER]);
		case '/api/v4/leads':
			return list('leads', ids.filter((id) => id !== 404).map(makeLead));
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
