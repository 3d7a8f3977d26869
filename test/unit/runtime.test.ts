import { tryWhileRegistryLags } from '../../scripts/n8n/runtime';

const lag = new Error(
	'npm error code ETARGET\nnpm error notarget No matching version found for x@1.',
);

describe('the installation of n8n', () => {
	let log: jest.SpyInstance;

	beforeEach(() => {
		log = jest.spyOn(console, 'log').mockImplementation();
	});

	afterEach(() => log.mockRestore());

	it('is tried again, and says so, while the registry lacks a version', async () => {
		const install = jest.fn().mockRejectedValueOnce(lag).mockRejectedValueOnce(lag);
		await tryWhileRegistryLags(install);
		expect(install.mock.calls).toEqual([[], ['--prefer-online'], ['--prefer-online']]);
		expect(
			log.mock.calls
				.flat()
				.join('\n')
				.match(/Trying again/g),
		).toHaveLength(2);
	});

	it('fails after the third try', async () => {
		const install = jest.fn().mockRejectedValue(lag);
		await expect(tryWhileRegistryLags(install)).rejects.toThrow(lag);
		expect(install).toHaveBeenCalledTimes(3);
	});

	it('fails at once for another reason', async () => {
		const install = jest.fn().mockRejectedValue(new Error('npm error code ENOTFOUND'));
		await expect(tryWhileRegistryLags(install)).rejects.toThrow('ENOTFOUND');
		expect(install).toHaveBeenCalledTimes(1);
	});
});
