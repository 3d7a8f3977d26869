import { now } from '../../nodes/shared/api/deadline';
import { readAll, readPage } from '../../nodes/shared/api/pages';
import type { Json } from '../../nodes/shared/events/json';
import { openFakeApi, type FakeAnswer } from '../support/fakeApi';
import { letTimeFly } from '../support/virtualTime';

const USERS = { path: 'users', key: 'users', limit: 2 };

const page = (ids: number[], href?: string): FakeAnswer => ({
	headers: { date: 'Sun, 29 Nov 2026 13:50:00 GMT' },
	body: {
		_links: href === undefined ? {} : { next: { href } },
		_embedded: { users: ids.map((id) => ({ id })) },
	},
});

/** An API that gives these answers one after the other, and the requests that it got */
async function open(...answers: FakeAnswer[]) {
	const asked: string[] = [];
	const api = await openFakeApi(({ query }) => {
		asked.push(String(query));
		return answers.shift() ?? {};
	});
	const limits = { deadline: now() + 60_000 };
	const readIds = async () => (await readAll(api, USERS, limits)).map(({ id }) => id);
	return { api, asked, limits, readIds };
}

describe('a list of Kommo', () => {
	letTimeFly();

	test('is read page by page, as Kommo links them', async () => {
		const next = 'https://other.example.com/users?limit=2&cursor=abc';
		const { readIds, asked } = await open(page([1], next), page([2, 3], ''), page([4]));
		expect(await readIds()).toEqual([1, 2, 3, 4]);
		expect(asked).toEqual(['limit=2&page=1', 'limit=2&cursor=abc', 'limit=2&page=3']);
	});

	test.each([
		['gives nothing', {}],
		['answers 400', { statusCode: 400, body: {} }],
		['answers 404', { statusCode: 404, body: {} }],
	])('continues after a full page without a link, until Kommo %s', async (_, last) => {
		const { readIds, asked } = await open(page([1, 2]), page([3, 4]), last);
		expect(await readIds()).toEqual([1, 2, 3, 4]);
		expect(asked).toHaveLength(3);
	});

	test.each([400, 404])(
		'is incomplete when Kommo answers %i to a page that it linked',
		async (statusCode) => {
			const { readIds } = await open(page([1, 2], '?page=2'), { statusCode, body: {} });
			await expect(readIds()).rejects.toThrow(`(${statusCode})`);
		},
	);

	test('gives an entry once if a new one has moved it to the next page', async () => {
		const { readIds } = await open(page([1, 2], ''), page([2, 3]));
		expect(await readIds()).toEqual([1, 2, 3]);
	});

	test('ends when a page has nothing new', async () => {
		const { readIds, asked } = await open(page([1, 2], ''), page([1, 2], ''), page([3]));
		expect(await readIds()).toEqual([1, 2]);
		expect(asked).toHaveLength(2);
	});

	test("says whether there is another page, and gives the time of Kommo's clock", async () => {
		const { api, limits } = await open(page([1]), page([2], ''), page([3, 4]), {});
		const pages = [1, 2, 3, 4].map(async (number) => await readPage(api, USERS, number, limits));
		expect(await Promise.all(pages)).toMatchObject([
			{ entries: [{ id: 1 }], hasNext: false, date: 1795960200 },
			{ hasNext: true },
			{ hasNext: true },
			{ entries: [], hasNext: false },
		]);
	});

	test.each<Json>([{}, { _embedded: {} }, { _embedded: { users: [null] } }])(
		'is an unexpected answer where Kommo gives %j',
		async (body) => {
			const { readIds } = await open({ body });
			await expect(readIds()).rejects.toThrow('unexpected answer');
		},
	);
});
