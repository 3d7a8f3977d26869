import type { KommoApi } from '../../nodes/shared/api/client';
import { enrich } from '../../nodes/shared/enrichment/enrichment';
import type { Enrichment } from '../../nodes/shared/enrichment/search';
import type { KommoEvent } from '../../nodes/shared/event';

describe('enrich', () => {
	test.each([
		['another account', 'other'],
		['a map without a text', { toString: 'acme' }],
		['a text longer than any name of a host', 'acme'.repeat(100)],
	])('asks nothing for an event that names %s as its sender, and says so', async (_, subdomain) => {
		const list = jest.fn<ReturnType<KommoApi['list']>, []>().mockResolvedValue([]);
		const api: KommoApi = { subdomain: 'acme', cacheKey: 'acme', list };
		const event: KommoEvent = { event: 'chat', entity: 'leads', id: 1, account: { subdomain } };
		expect(await enrich([event], ['record'], Date.now() + 1000, async () => api)).toEqual([
			{ ...event, enrichment_error: expect.stringContaining('another account') },
		]);
		expect(list).not.toHaveBeenCalled();
	});

	describe('when the time is over', () => {
		const event: KommoEvent = { event: 'chat', entity: 'leads', id: 1, pipeline_id: 7 };
		const never = new Promise<never>(() => {});

		/** Enriches an event within 50 ms, with a list of its own for each path. */
		const enrichFrom = async (list: KommoApi['list'], ...enrichments: Enrichment[]) => {
			const api: KommoApi = { subdomain: 'acme', cacheKey: String(keys++), list };
			const [enriched] = await enrich([event], enrichments, Date.now() + 50, async () => api);
			return enriched;
		};
		let keys = 0;

		test.each<Enrichment>(['record', 'names', 'responsibleUser'])(
			'says of %s what Kommo answered, which is asked again',
			async (enrichment) => {
				const failing: KommoApi['list'] = async (_path, _key, _query, { onFailure }) => {
					onFailure?.('Kommo failed (500).');
					return await never;
				};
				expect(await enrichFrom(failing, enrichment)).toEqual({
					...event,
					enrichment_error: 'Kommo failed (500).',
				});
			},
		);

		test('says that there was not enough time, where nothing failed', async () => {
			expect(await enrichFrom(async () => await never, 'record')).toEqual({
				...event,
				enrichment_error: expect.stringContaining('longer than the time limit'),
			});
		});

		test('says nothing of a failure that was overcome', async () => {
			const list: KommoApi['list'] = async (path, _key, _query, { onFailure }) => {
				if (path !== 'leads/pipelines') return await never;
				onFailure?.('Kommo failed (500).');
				return [];
			};
			expect(await enrichFrom(list, 'record', 'names')).toMatchObject({
				enrichment_error: expect.stringContaining('longer than the time limit'),
			});
		});
	});
});
