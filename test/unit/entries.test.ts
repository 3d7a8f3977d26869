import { now } from '../../nodes/shared/api/deadline';
import { findEntries } from '../../nodes/shared/api/entries';
import { takeTurn } from '../../nodes/shared/api/rateLimit';
import { listAnswer, openFakeApi } from '../support/fakeApi';
import { letTimeFly } from '../support/virtualTime';

letTimeFly();

describe('entries that are asked for while the rate limit is used up', () => {
	const LEADS = { path: 'leads', field: 'id' };

	/** What two callers get, each of whom can wait so long, in ms */
	async function findBoth(firstTime: number, secondTime: number) {
		const api = await openFakeApi(({ path, query }) =>
			listAnswer(
				path,
				query.getAll('filter[id][]').map((id) => ({ id: Number(id) })),
			),
		);
		for (let turn = 0; turn < 7; turn++) await takeTurn(now() + 10, false);
		return await Promise.all(
			[firstTime, secondTime].map(
				async (time, index) =>
					await findEntries(api, LEADS, index, { deadline: now() + time }).catch(String),
			),
		);
	}

	const NO_TURN = expect.stringContaining('did not get its turn');

	test('come in one request to all who have time', async () => {
		expect(await findBoth(5000, 5000)).toEqual([[{ id: 0 }], [{ id: 1 }]]);
	});

	test('come to who has more time, after a shared request has failed at the deadline of another', async () => {
		expect(await findBoth(100, 5000)).toEqual([NO_TURN, [{ id: 1 }]]);
	});

	test('are not waited for by who has less time than the request of another', async () => {
		expect(await findBoth(5000, 100)).toEqual([[{ id: 0 }], NO_TURN]);
	});
});
