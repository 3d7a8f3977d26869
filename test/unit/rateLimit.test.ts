import fc from 'fast-check';

import { reserveRequest } from '../../nodes/shared/api/rateLimit';

const NEVER = Infinity;
const HOUR = 60 * 60 * 1000;

// All requests of a process share the limit: each test is an hour later.
let time = 0;
const startTest = () => (time += HOUR);

describe('reserveRequest', () => {
	test('gives seven requests at once, and the eighth more than a second after the first', () => {
		const start = startTest();
		const requests = Array.from({ length: 15 }, () => reserveRequest(start, NEVER)! - start);
		expect(requests).toEqual([...Array(7).fill(0), ...Array(7).fill(1100), 2200]);
	});

	test('gives and takes none that is too late', () => {
		const start = startTest();
		for (let request = 0; request < 7; request++) reserveRequest(start, NEVER);
		expect(reserveRequest(start + 500, start + 1099)).toBeUndefined();
		expect(reserveRequest(start + 500, start + 1100)).toBe(start + 1100);
	});

	test('never gives more than seven within a second, whenever they are asked for', () => {
		fc.assert(
			fc.property(fc.array(fc.nat(400), { maxLength: 60 }), (pauses) => {
				let now = startTest();
				const requests = pauses.map((pause) => reserveRequest((now += pause), NEVER)!);
				requests.slice(7).forEach((request, index) => {
					expect(request - requests[index]!).toBeGreaterThanOrEqual(1000);
				});
			}),
		);
	});
});
