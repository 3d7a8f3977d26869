import { CHOICES } from '../../nodes/KommoPipelineTrigger/events';
import { readRequest } from '../../scripts/n8n/example';
import { KommoInMemory } from '../support/kommoInMemory';
import { builtPackage, loadPackage } from '../support/builtPackage';
import { BuiltTrigger, type TriggerSetup, type WebhookCall } from '../support/builtTrigger';
import { letTimeFly } from '../support/virtualTime';

const FORM = 'application/x-www-form-urlencoded';
const TOKEN = 'correct-horse-battery';

const ALL = CHOICES.map(({ code }) => code);

beforeAll(loadPackage);
letTimeFly();

const receive = async (call: WebhookCall, setup?: TriggerSetup) =>
	await new BuiltTrigger(setup).receive(call);

const idsOf = (outputs?: Array<Array<{ id?: unknown }>>) =>
	outputs?.map((items) => items.map(({ id }) => id));

describe('the trigger', () => {
	test.each(ALL.map((code, index): [string, number] => [code, index]))(
		'sends a sample of %s to output %i alone, and answers 200 with nothing',
		async (event, output) => {
			const { status, answer, outputs } = await receive(
				{ body: readRequest(event), contentType: FORM },
				{ parameters: { events: ALL } },
			);
			expect({ status, answer }).toEqual({ status: 200, answer: '' });
			expect(outputs?.map((items) => items.length)).toEqual(
				Array.from({ length: 8 }, (_, index) => (index === output ? 1 : 0)),
			);
		},
	);

	test.each<[string, WebhookCall]>([
		['as a form', { contentType: FORM, body: 'leads[chat][0][id]=1&account[id]=3' }],
		['as a form without a content type', { body: 'leads[chat][0][id]=1&account[id]=3' }],
		['as plain text', { contentType: 'text/plain', body: 'leads[chat][0][id]=1&account[id]=3' }],
		[
			'as multipart',
			{
				contentType: 'multipart/form-data',
				fields: { 'leads[chat][0][id]': '1', 'account[id]': '3' },
				readError: new Error('n8n has consumed the stream'),
			},
		],
		[
			'as JSON',
			{
				contentType: 'application/json',
				body: '\uFEFF{"leads":{"chat":[{"id":1}]},"account":{"id":"3"}}',
			},
		],
		[
			'as JSON without a content type',
			{ body: '{"leads":{"chat":[{"id":"1"}]},"account":{"id":3}}' },
		],
	])('reads a body sent %s', async (_, call) => {
		const { outputs } = await receive(call);
		expect(outputs?.[4]).toEqual([{ event: 'chat', entity: 'leads', id: 1, account: { id: 3 } }]);
	});

	test('keeps equal names of a multipart body', async () => {
		const fields = { 'leads[chat][][id]': ['1', '2'] };
		const { outputs } = await receive({ contentType: 'multipart/form-data', fields });
		expect(outputs?.[4]).toMatchObject([{ id: 1 }, { id: 2 }]);
	});

	test('applies the choice of events and every filter', async () => {
		const body = [
			'leads[status][0][id]=1&leads[status][0][status_id]=5&leads[status][0][old_status_id]=5',
			'leads[status][1][id]=2&leads[status][1][status_id]=5&leads[status][1][old_status_id]=4',
			'leads[mail_in][0][id]=3&customers[chat][0][id]=4&contacts[add][0][id]=5',
			'account[subdomain]=Acme',
		].join('&');
		const { outputs } = await receive(
			{ body },
			{
				parameters: {
					events: ['status', 'chat'],
					filters: {
						entities: ['leads'],
						accountSubdomain: ' aCME ',
						ignoreUnchangedStages: true,
					},
				},
			},
		);
		expect(idsOf(outputs)).toEqual([[2], []]);
	});

	// n8n-core takes away what the panel cannot show, unless a hidden property keeps it.
	test.each([
		'x',
		'={{ null }}',
		{ stages: null },
		{ stages: 'x' },
		{ stages: { rules: [null] } },
		{ stages: { rules: [{ stage: 20 }] } },
	])('lets no stage change pass with the filters %j', async (filters) => {
		const body = 'leads[status][0][id]=1&leads[status][0][status_id]=20';
		const { outputs } = await receive({ body }, { parameters: { filters } as never });
		expect(outputs).toBeUndefined();
	});

	test.each([
		{ stages: { to: 20 } },
		{ stages: [{ to: 20 }] },
		{ stages: { rules: [{ to: '20' }] } },
		'={{ { "stages": { "to": 20 } } }}',
	])('reads the filters %j as they are written', async (filters) => {
		const parameters = { filters, outputMode: 'single' } as never;
		const ids = [20, 21].map(async (stage) => {
			const body = `leads[status][0][id]=1&leads[status][0][status_id]=${stage}`;
			return idsOf((await receive({ body }, { parameters })).outputs);
		});
		expect(await Promise.all(ids)).toEqual([[[1]], undefined]);
	});

	test('adds the body as text when asked to', async () => {
		const body = 'leads[chat][0][id]=1&leads[chat][1][id]=2';
		const options = { includeRawBody: true };
		const { outputs } = await receive({ body }, { parameters: { options } });
		expect(outputs?.[4]).toMatchObject([{ raw_body: body }, { raw_body: body }]);
	});

	test.each<[string, TriggerSetup]>([
		['is selected', { parameters: { events: ['status'] } }],
		['passes the filters', { parameters: { filters: { accountSubdomain: 'other' } } }],
	])('answers 200 and starts nothing when no event %s', async (_, setup) => {
		expect(await receive({ body: readRequest('mail_in') }, setup)).toEqual({
			status: 200,
			answer: '',
		});
	});

	test.each(['', '<html></html>', 'foo=bar', 'leads=1', '[]', '{}', 'account[id]=1'])(
		'answers 400 to "%s" and says what it expected',
		async (body) => {
			expect(await receive({ body })).toEqual({
				status: 400,
				answer: { message: expect.stringContaining('leads[status][0][id]') },
			});
		},
	);

	test('answers 413 when n8n finds the body too large, 400 when it breaks off', async () => {
		const tooLarge = Object.assign(new Error('request entity too large'), { status: 413 });
		expect(await receive({ readError: tooLarge })).toMatchObject({
			status: 413,
			answer: { message: expect.stringContaining('N8N_PAYLOAD_SIZE_MAX') },
		});
		expect(await receive({ readError: new Error('aborted') })).toMatchObject({
			status: 400,
			answer: { message: expect.stringContaining('complete request') },
		});
	});

	test('answers 413 to more records than Kommo ever sends', async () => {
		expect(await receive({ body: 'leads[chat][][id]=1&'.repeat(10_001) })).toMatchObject({
			status: 413,
			answer: { message: expect.stringContaining('10,000 records') },
		});
	});
});

test('the trigger with Latest Message gives chat messages of leads and customers their text', async () => {
	const kommo = new KommoInMemory();
	kommo.talks.open({ talk_id: 3, entity_id: 7 });
	kommo.talks.open({ talk_id: 4, entity_id: 7, entity_type: 'customer' });
	for (const talk_id of [3, 4]) kommo.talks.write(talk_id, { text: `In talk ${talk_id}` });
	const { outputs } = await receive(
		{ body: 'leads[chat][0][id]=7&leads[chat][1][id]=8&customers[chat][0][id]=7' },
		{
			parameters: {
				authentication: 'accessToken',
				outputMode: 'single',
				options: { enrich: ['message', 'record'] },
			},
			...kommo.access,
		},
	);
	expect(outputs?.[0]).toMatchObject([
		{ message: { text: 'In talk 3', talk_id: 3 }, record: { id: 7 } },
		{ message: null, record: { id: 8 } },
		{ message: { text: 'In talk 4', talk_id: 4 }, record: { id: 7 } },
	]);
});

describe('the trigger with a URL token', () => {
	const setup: TriggerSetup = { parameters: { verification: 'urlToken' }, token: TOKEN };

	test('takes a request with the token', async () => {
		const { status, outputs } = await receive(
			{ body: readRequest('chat'), query: { token: TOKEN } },
			setup,
		);
		expect(status).toBe(200);
		expect(outputs?.[4]).toHaveLength(1);
		expect(JSON.stringify(outputs)).not.toContain(TOKEN);
	});

	test.each([
		['without a token', {}],
		['with a wrong token', { token: 'incorrect-horse-batt' }],
		['with an empty token', { token: '' }],
		['with the token twice', { token: [TOKEN, TOKEN] }],
	])('answers 401 to a request %s, before it reads the body', async (_, query) => {
		const readError = new Error('The body was read');
		expect(await receive({ query, readError }, setup)).toEqual({
			status: 401,
			answer: { message: expect.stringContaining('?token=') },
		});
	});

	test('refuses requests without the token when the expression in Verification gives no kind of verification', async () => {
		const parameters = { verification: '={{ undefined }}' };
		expect(await receive({ body: readRequest('chat') }, { ...setup, parameters })).toMatchObject({
			status: 401,
		});
	});

	test('takes no empty token for that of an empty credential', async () => {
		expect(await receive({ query: { token: '' } }, { ...setup, token: '' })).toMatchObject({
			status: 401,
		});
	});

	test('can be activated with a token of 16 characters', async () => {
		await expect(
			new BuiltTrigger({ ...setup, token: 'x'.repeat(16) }).activate(),
		).resolves.toBeUndefined();
	});

	test('cannot be activated with a shorter one, and says why without naming it', async () => {
		const token = 'x'.repeat(15);
		const activation = new BuiltTrigger({ ...setup, token }).activate();
		await expect(activation).rejects.toThrow(/at least 16 characters, not 15/);
		await expect(activation).rejects.not.toThrow(token);
	});

	test('has its credential tested for length', async () => {
		const { methods } = builtPackage().getNode('kommoPipelineTrigger').type as {
			methods?: { credentialTest: Record<string, (credential: object) => Promise<unknown>> };
		};
		const check = methods!.credentialTest.webhookTokenTest!;
		expect(await check({ data: { token: TOKEN } })).toMatchObject({ status: 'OK' });
		expect(await check({ data: { token: 'short' } })).toMatchObject({ status: 'Error' });
	});
});
