import fc from 'fast-check';
import { sleep } from 'n8n-workflow';

import { now } from '../../nodes/shared/api/deadline';
import { DISTANCE, takeTurn } from '../../nodes/shared/api/rateLimit';
import { useVirtualTime } from '../support/virtualTime';

const time = useVirtualTime();

const SECOND = 1000;
const MINUTE = 60 * SECOND;

interface Asker {
	/** In ms after the test has begun */
	at: number;
	/** In ms, from then on */
	timeLeft: number;
	isSpread?: boolean;
}

/** When each gets its turn, in ms after the test has begun; nothing where it gets none */
async function turnsOf(askers: readonly Asker[]): Promise<Array<number | undefined>> {
	const start = now();
	const turns = askers.map(async ({ at, timeLeft, isSpread = false }) => {
		await sleep(at);
		const isTurn = await takeTurn(now() + timeLeft, isSpread);
		return isTurn ? now() - start : undefined;
	});
	await time.pass(10 * MINUTE);
	return await Promise.all(turns);
}

const many = (count: number, asker: Asker) => Array<Asker>(count).fill(asker);

const HURRIED = { at: 0, timeLeft: 1500 };
const BULK = { at: 0, timeLeft: 30 * SECOND, isSpread: true };

describe('the turns of requests', () => {
	test('are given to seven at once, and to the eighth more than a second after the first', async () => {
		const turns = await turnsOf(many(15, { at: 0, timeLeft: 5 * SECOND }));
		expect(turns).toEqual([...Array(7).fill(0), ...Array(7).fill(1100), 2200]);
	});

	test('come first to the request with the least time left', async () => {
		const patient = many(7, { at: 1, timeLeft: 4 * SECOND });
		const turns = await turnsOf([...many(7, HURRIED), ...patient, { at: 2, timeLeft: 1500 }]);
		expect(turns.slice(7)).toEqual([...Array(6).fill(1100), 2200, 1100]);
	});

	test('are refused at the deadline', async () => {
		const turns = await turnsOf([...many(7, HURRIED), { at: 0, timeLeft: 1099 }]);
		expect(turns[7]).toBeUndefined();
	});

	test('are spread for one of many requests', async () => {
		const turns = await turnsOf(many(5, BULK));
		expect(turns).toEqual([0, 1, 2, 3, 4].map((index) => index * DISTANCE));
	});

	test('are spread if there is much time left, so that an urgent request can go in between', async () => {
		const chats = many(60, { at: 0, timeLeft: 3 * MINUTE });
		const turns = await turnsOf([...chats, { at: 500, timeLeft: 1500 }]);
		expect(turns[60]! - 500).toBeLessThanOrEqual(DISTANCE);
	});

	test('come within one distance for an urgent request, and one distance later for each further one in the same second', async () => {
		const times = fc.array(fc.integer({ min: 500, max: 8000 }), { maxLength: 6 });
		await fc.assert(
			fc.asyncProperty(times, async (arrivals) => {
				const hurried = arrivals.map((at) => ({ at, timeLeft: 1500 }));
				const turns = await turnsOf([...hurried, ...many(50, BULK)]);
				arrivals.forEach((time, index) => {
					const others = arrivals.filter(
						(other, i) => i !== index && Math.abs(other - time) < 1500,
					);
					expect(turns[index]! - time).toBeLessThanOrEqual((1 + others.length) * DISTANCE);
				});
			}),
			{ numRuns: 30 },
		);
	});

	test('are never more than seven within a second, whoever asks', async () => {
		const asker = fc.record({
			at: fc.nat(3000),
			timeLeft: fc.nat(20_000),
			isSpread: fc.boolean(),
		});
		await fc.assert(
			fc.asyncProperty(fc.array(asker, { maxLength: 60 }), async (askers) => {
				const given = (await turnsOf(askers)).filter((turn) => turn !== undefined);
				given.sort((a, b) => a - b);
				given.slice(7).forEach((turn, index) => {
					expect(turn - given[index]!).toBeGreaterThanOrEqual(1000);
				});
			}),
			{ numRuns: 50 },
		);
	});
});
