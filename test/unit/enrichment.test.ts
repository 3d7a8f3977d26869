import type { KommoApi } from '../../nodes/KommoPipelineTrigger/api/client';
import { enrich } from '../../nodes/KommoPipelineTrigger/enrichment';
import type { KommoEvent } from '../../nodes/KommoPipelineTrigger/events';

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

	test.each([
		['that Kommo failed, while it is asked again', 'Kommo failed (500).', 'Kommo failed (500).'],
		['that there was not enough time, while no answer came', undefined, 'longer than'],
	])('says %s', async (_, lastFailure, problem) => {
		const never = async () => await new Promise<never>(() => {});
		const api: KommoApi = { subdomain: 'acme', cacheKey: 'acme', lastFailure, list: never };
		const event: KommoEvent = { event: 'chat', entity: 'leads', id: 1, pipeline_id: 7 };
		for (const enrichment of ['record', 'names'] as const) {
			expect(await enrich([event], [enrichment], Date.now() + 50, async () => api)).toEqual([
				{ ...event, enrichment_error: expect.stringContaining(problem) },
			]);
		}
	});
});
