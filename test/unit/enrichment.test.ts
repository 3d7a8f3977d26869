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
});
