import { getOrLoad } from '../../nodes/shared/api/cache';
import { now } from '../../nodes/shared/api/deadline';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const NEVER = new Promise<never>(() => {});

describe('getOrLoad', () => {
	beforeAll(() => {
		jest.useFakeTimers();
	});
	afterAll(() => {
		jest.useRealTimers();
	});

	const soon = () => now() + SECOND;

	test('loads once for all who ask at the same time', async () => {
		const load = jest.fn(async () => 'pipelines');
		const values = await Promise.all([1, 2, 3].map(() => getOrLoad('together', soon(), load)));
		expect(values).toEqual(['pipelines', 'pipelines', 'pipelines']);
		expect(load).toHaveBeenCalledTimes(1);
	});

	test('keeps a value for 10 minutes, whatever the clock of the machine says, and no longer', async () => {
		let loads = 0;
		const load = async () => ++loads;
		expect(await getOrLoad('kept', soon(), load)).toBe(1);
		jest.setSystemTime(Date.now() + 20 * MINUTE);
		await jest.advanceTimersByTimeAsync(10 * MINUTE - 1);
		expect(await getOrLoad('kept', soon(), load)).toBe(1);
		await jest.advanceTimersByTimeAsync(1);
		expect(await getOrLoad('kept', soon(), load)).toBe(2);
	});

	test('does not keep a failure', async () => {
		const failing = getOrLoad('failing', soon(), () => Promise.reject(new Error('Kommo is down')));
		await expect(failing).rejects.toThrow('Kommo is down');
		expect(await getOrLoad('failing', soon(), async () => 'up again')).toBe('up again');
	});

	test('goes on loading for later ones when the first can wait no longer', async () => {
		const slow = async () => {
			await new Promise((resolve) => setTimeout(resolve, 5 * SECOND));
			return 'users';
		};
		const first = expect(getOrLoad('slow', soon(), slow)).rejects.toThrow('longer than');
		await jest.advanceTimersByTimeAsync(5 * SECOND);
		await first;
		expect(await getOrLoad('slow', soon(), () => NEVER)).toBe('users');
	});

	test('gives up after 10 seconds what never comes, and loads again', async () => {
		const first = getOrLoad('never', Infinity, () => NEVER);
		const failed = expect(first).rejects.toThrow('longer than the time limit');
		await jest.advanceTimersByTimeAsync(10 * SECOND);
		await failed;
		expect(await getOrLoad('never', soon(), async () => 'up again')).toBe('up again');
	});

	test('says to all who wait what failed last, when their time is over', async () => {
		const wait = () =>
			expect(
				getOrLoad('busy', soon(), async (limits) => {
					limits.lastProblem = 'Kommo failed (500).';
					return await NEVER;
				}),
			).rejects.toThrow('Kommo failed (500).');
		const all = [wait(), wait()];
		await jest.advanceTimersByTimeAsync(SECOND);
		await Promise.all(all);
	});

	test('keeps apart what has another key', async () => {
		expect(await getOrLoad('acme', soon(), async () => 1)).toBe(1);
		expect(await getOrLoad('other', soon(), async () => 2)).toBe(2);
	});
});
