import fc from 'fast-check';

import { takeTurn } from '../../nodes/KommoPipelineTrigger/api/turns';

const NEVER = Infinity;
let account = 0;
const newHost = () => `acme${account++}.kommo.com`;

describe('takeTurn', () => {
	test('gives seven turns at once, and the eighth a second after the first', () => {
		const host = newHost();
		const turns = Array.from({ length: 15 }, () => takeTurn(host, 5000, NEVER));
		expect(turns).toEqual([...Array(7).fill(5000), ...Array(7).fill(6000), 7000]);
	});

	test('counts each account by itself', () => {
		const host = newHost();
		for (let turn = 0; turn < 7; turn++) takeTurn(host, 0, NEVER);
		expect(takeTurn(host, 0, NEVER)).toBe(1000);
		expect(takeTurn(newHost(), 0, NEVER)).toBe(0);
	});

	test('gives and takes none that is too late', () => {
		const host = newHost();
		for (let turn = 0; turn < 7; turn++) takeTurn(host, 0, NEVER);
		expect(takeTurn(host, 500, 999)).toBeUndefined();
		expect(takeTurn(host, 500, 1000)).toBe(1000);
	});

	test('never gives more than seven within a second, whenever they are asked for', () => {
		fc.assert(
			fc.property(fc.array(fc.nat(400), { maxLength: 60 }), (pauses) => {
				const host = newHost();
				let now = 0;
				const turns = pauses.map((pause) => takeTurn(host, (now += pause), NEVER)!);
				turns.slice(7).forEach((turn, index) => {
					expect(turn - turns[index]!).toBeGreaterThanOrEqual(1000);
				});
			}),
		);
	});
});
