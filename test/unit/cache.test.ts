import { sleep } from 'n8n-workflow';

import { getOrLoad } from '../../nodes/shared/api/cache';
import { now, type RetryLimits } from '../../nodes/shared/api/deadline';
import { useVirtualTime } from '../support/virtualTime';

const time = useVirtualTime();

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const NEVER = new Promise<never>(() => {});

describe('getOrLoad', () => {
	const soon = () => ({ deadline: now() + SECOND });

	test('loads once for all callers at the same time', async () => {
		const load = jest.fn(async () => 'pipelines');
		const values = await Promise.all([1, 2, 3].map(() => getOrLoad('together', soon(), load)));
		expect(values).toEqual(['pipelines', 'pipelines', 'pipelines']);
		expect(load).toHaveBeenCalledTimes(1);
	});

	test('keeps a value for 10 minutes, whatever the clock of the machine says, and no longer', async () => {
		let loads = 0;
		const load = async () => ++loads;
		expect(await getOrLoad('kept', soon(), load)).toBe(1);
		time.skew = 20 * MINUTE;
		await time.pass(10 * MINUTE - 1);
		expect(await getOrLoad('kept', soon(), load)).toBe(1);
		await time.pass(1);
		expect(await getOrLoad('kept', soon(), load)).toBe(2);
	});

	test('does not keep a failure', async () => {
		const failing = getOrLoad('failing', soon(), () => Promise.reject(new Error('Kommo is down')));
		await expect(failing).rejects.toThrow('Kommo is down');
		expect(await getOrLoad('failing', soon(), async () => 'up again')).toBe('up again');
	});

	test('keeps loading for later callers when the first can wait no longer', async () => {
		const slow = async () => {
			await sleep(5 * SECOND);
			return 'users';
		};
		const first = expect(getOrLoad('slow', soon(), slow)).rejects.toThrow('longer than');
		await time.pass(5 * SECOND);
		await first;
		expect(await getOrLoad('slow', soon(), () => NEVER)).toBe('users');
	});

	test('lets a load send until the deadline of its first caller, and wait 10 seconds for the answer', async () => {
		const limits = soon();
		const load = jest.fn(async (given: RetryLimits) => await Promise.resolve(given));
		expect(await getOrLoad('limits', limits, load)).toEqual({ ...limits, answerWithin: 10_000 });
	});

	test('loads again for a caller with more time when the first has none left', async () => {
		const load = async ({ deadline }: RetryLimits) => {
			await sleep(SECOND);
			if (deadline <= now()) throw new Error('out of time');
			return 'pipelines';
		};
		const first = expect(getOrLoad('busy', soon(), load)).rejects.toThrow(
			/longer than|out of time/,
		);
		const later = getOrLoad('busy', { deadline: now() + 3 * SECOND }, load);
		await time.pass(3 * SECOND);
		await first;
		expect(await later).toBe('pipelines');
	});
});
