import { getOrLoad } from '../../nodes/shared/api/cache';

describe('getOrLoad', () => {
	beforeEach(() => {
		jest.useFakeTimers();
	});
	afterEach(() => {
		jest.useRealTimers();
	});

	const MINUTE = 60_000;

	test('loads once for all who ask at the same time', async () => {
		const load = jest.fn(async () => 'pipelines');
		const values = await Promise.all([1, 2, 3].map(() => getOrLoad('together', load)));
		expect(values).toEqual(['pipelines', 'pipelines', 'pipelines']);
		expect(load).toHaveBeenCalledTimes(1);
	});

	test('keeps a value for 10 minutes, and no longer', async () => {
		let loads = 0;
		const load = async () => ++loads;
		expect(await getOrLoad('kept', load)).toBe(1);
		jest.advanceTimersByTime(10 * MINUTE - 1);
		expect(await getOrLoad('kept', load)).toBe(1);
		jest.advanceTimersByTime(1);
		expect(await getOrLoad('kept', load)).toBe(2);
	});

	test('does not keep a failure', async () => {
		const failing = getOrLoad('failing', () => Promise.reject(new Error('Kommo is down')));
		await expect(failing).rejects.toThrow('Kommo is down');
		expect(await getOrLoad('failing', async () => 'up again')).toBe('up again');
	});

	test('keeps apart what has another key', async () => {
		expect(await getOrLoad('acme', async () => 1)).toBe(1);
		expect(await getOrLoad('other', async () => 2)).toBe(2);
	});
});
