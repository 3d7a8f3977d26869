import { sleep } from 'n8n-workflow';

import { now } from '../../nodes/shared/api/deadline';
import { renewOnce } from '../../nodes/shared/api/renewal';
import { useVirtualTime } from '../support/virtualTime';

const time = useVirtualTime();

describe('renewOnce', () => {
	/** A renewal that takes a second; fails with each error given, one after the other. */
	const makeRenewal = (...errors: Error[]) =>
		jest.fn(async () => {
			await sleep(1000);
			const error = errors.shift();
			if (error) throw error;
		});
	const pass = async (ms: number) => await time.pass(ms);

	test('renews once for all requests whose token is refused in the meantime', async () => {
		const renew = makeRenewal();
		const first = renewOnce('together', now(), renew);
		await pass(500);
		let isDone = false;
		const second = renewOnce('together', now(), renew).then(() => (isDone = true));
		await pass(499);
		expect(isDone).toBe(false);
		await pass(1);
		await Promise.all([first, second]);
		expect(renew).toHaveBeenCalledTimes(1);
	});

	test('renews nothing for a request that was sent before the renewal had ended', async () => {
		const renew = makeRenewal();
		void renewOnce('late', now(), renew);
		await pass(500);
		const sent = now();
		await pass(5000);
		await renewOnce('late', sent, renew);
		expect(renew).toHaveBeenCalledTimes(1);
	});

	test('renews again for a request that was sent with the renewed token', async () => {
		const renew = makeRenewal();
		void renewOnce('again', now(), renew);
		await pass(1001);
		void renewOnce('again', now(), renew);
		expect(renew).toHaveBeenCalledTimes(2);
	});

	test('tells all waiting requests that a renewal failed, and renews again for the next one', async () => {
		const renew = makeRenewal(new Error('Kommo is down'));
		const all = Promise.allSettled([1, 2].map(() => renewOnce('failing', now(), renew)));
		await pass(1000);
		expect(await all).toMatchObject([
			{ reason: { message: 'Kommo is down' } },
			{ reason: { message: 'Kommo is down' } },
		]);
		void renewOnce('failing', 0, renew);
		expect(renew).toHaveBeenCalledTimes(2);
	});

	test('gives up a renewal that does not end within 10 seconds', async () => {
		const hang = jest.fn(async () => await new Promise<never>(() => {}));
		void renewOnce('hanging', now(), hang);
		await pass(9999);
		void renewOnce('hanging', now(), hang);
		expect(hang).toHaveBeenCalledTimes(1);
		await pass(1);
		const renew = makeRenewal();
		const renewed = renewOnce('hanging', now(), renew);
		await pass(1000);
		await renewed;
		expect(renew).toHaveBeenCalledTimes(1);
	});
});
