import { NodeOperationError, type ILoadOptionsFunctions } from 'n8n-workflow';

import { searchPipelines } from '../../nodes/shared/listSearch/searchPipelines';
import { searchStages } from '../../nodes/shared/listSearch/searchStages';
import { listAnswer, makeFakeContext, type FakeAnswer } from '../support/fakeApi';
import { letTimeFly } from '../support/virtualTime';

letTimeFly();

const pipeline = (
	id: number,
	name: string,
	stages: Record<number, string>,
	is_archive = false,
) => ({
	id,
	name,
	is_archive,
	_embedded: {
		statuses: Object.entries(stages).map(([key, stage]) => ({ id: +key, name: stage })),
	},
});
const PIPELINES = listAnswer('leads/pipelines', [
	pipeline(7, 'Sales', { 10: 'New', 142: 'Won', 143: 'Lost' }),
	pipeline(8, 'Support', { 30: 'Open', 142: 'Solved', 143: 'Lost' }),
	pipeline(9, 'Old sales', { 40: 'New' }, true),
]);

/** What the editor asks, with these parameters chosen in the rule or the node */
const contextOf = (chosen: object, answer: FakeAnswer = PIPELINES) => {
	const getCurrentNodeParameter = (name: string) => (chosen as Record<string, unknown>)[name];
	const context = { ...makeFakeContext(() => answer), getCurrentNodeParameter };
	return context as unknown as ILoadOptionsFunctions;
};

test('the list of pipelines has those in use, by what is typed', async () => {
	const [sales, support] = [
		{ name: 'Sales', value: 7 },
		{ name: 'Support', value: 8 },
	];
	expect(await searchPipelines.call(contextOf({}))).toEqual({ results: [sales, support] });
	expect(await searchPipelines.call(contextOf({}), ' SAL')).toEqual({ results: [sales] });
});

test.each([
	[{}, '', ['Sales: New 10', 'Support: Open 30', 'Won / Solved 142', 'Lost 143']],
	[{}, 'open', ['Support: Open 30']],
	[{ pipeline: { value: '7' } }, '', ['Sales: New 10', 'Won 142', 'Lost 143']],
	[{ '&pipeline': { value: 8 }, pipeline: { value: 7 } }, 'sol', ['Solved 142']],
	[{ '&pipeline': { value: '' } }, 'new', ['Sales: New 10']],
	[{ pipeline: { value: 5 } }, '', []],
])('the list of stages has, with %j chosen and "%s" typed: %j', async (chosen, typed, stages) => {
	const { results } = await searchStages.call(contextOf(chosen), typed);
	expect(results.map(({ name, value }) => `${name} ${String(value)}`)).toEqual(stages);
});

test('a list that Kommo refuses says why', async () => {
	const list = searchPipelines.call(contextOf({}, { statusCode: 401, body: {} }));
	await expect(list).rejects.toThrow(NodeOperationError);
	await expect(list).rejects.toThrow('refused the access token (401)');
});
