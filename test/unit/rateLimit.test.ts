import fc from 'fast-check';

import { reserveRequest } from '../../nodes/shared/api/rateLimit';

const NEVER = Infinity;
let account = 0;
const newHost = () => `acme${account++}.kommo.com`;

describe('reserveRequest', () => {
	test('gives seven requests at once, and the eighth more than a second after the first', () => {
		const host = newHost();
		const requests = Array.from({ length: 15 }, () => reserveRequest(host, 5000, NEVER));
		expect(requests).toEqual([...Array(7).fill(5000), ...Array(7).fill(6100), 7200]);
	});

	test('counts each account by itself', () => {
		const host = newHost();
		for (let request = 0; request < 7; request++) reserveRequest(host, 0, NEVER);
		expect(reserveRequest(host, 0, NEVER)).toBe(1100);
		expect(reserveRequest(newHost(), 0, NEVER)).toBe(0);
	});

	test('gives and takes none that is too late', () => {
		const host = newHost();
		for (let request = 0; request < 7; request++) reserveRequest(host, 0, NEVER);
		expect(reserveRequest(host, 500, 1099)).toBeUndefined();
		expect(reserveRequest(host, 500, 1100)).toBe(1100);
	});

	test('never gives more than seven within a second, whenever they are asked for', () => {
		fc.assert(
			fc.property(fc.array(fc.nat(400), { maxLength: 60 }), (pauses) => {
				const host = newHost();
				let now = 0;
				const requests = pauses.map((pause) => reserveRequest(host, (now += pause), NEVER)!);
				requests.slice(7).forEach((request, index) => {
					expect(request - requests[index]!).toBeGreaterThanOrEqual(1000);
				});
			}),
		);
	});
});
