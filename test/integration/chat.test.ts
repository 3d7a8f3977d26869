import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type IHttpRequestOptions,
	type INodeType,
} from 'n8n-workflow';

import { builtPackage, loadPackage } from '../support/builtPackage';
import { BuiltNode, type RegularNodeSetup } from '../support/builtNode';
import { failureOf } from '../support/failureOf';
import { letTimeFly } from '../support/virtualTime';
import { KommoInMemory } from '../support/kommoInMemory';
import type { Talks } from '../../scripts/kommo/standIn/talks';

const OAUTH2 = { kommoPipelineOAuth2Api: { account: 'acme' } };
const byId = (value: number | string) => ({ __rl: true, mode: 'id', value });

let kommo: KommoInMemory;
let talks: Talks;

beforeAll(loadPackage);
letTimeFly();

beforeEach(() => {
	kommo = new KommoInMemory();
	({ talks } = kommo);
});

const makeNode = (parameters: IDataObject = {}, setup: RegularNodeSetup = {}) =>
	new BuiltNode({
		...kommo.access,
		parameters: { authentication: 'accessToken', ...parameters } as never,
		...setup,
	});

const connectionError = (code: string) => Object.assign(new Error('failed'), { code });

describe('Send Message', () => {
	const incoming = { talk_id: 7, text: 'How much?', entity_id: 5 };
	const text = '  R$ 100, {{ as said }}\n';

	beforeEach(() => {
		for (const talk_id of [7, 8, 9]) talks.open({ talk_id });
	});

	test('answers in the talk of the message that came in, with the text as it is given', async () => {
		const [items] = await makeNode({ text }).execute(incoming);
		expect(talks.sent).toEqual([{ talk_id: 7, text }]);
		expect(items).toEqual([
			{
				json: { talk_id: 7, message_id: 'e9c11d5e-94c1-4e2a-8d5a-000000000001', text },
				pairedItem: { item: 0 },
			},
		]);
		expect(kommo.asked).toEqual(['POST talks/7/send_message']);
	});

	test('sends one message after the other, and pairs each with its item', async () => {
		const node = makeNode({ text: '={{ $json.text }}' });
		const [items] = await node.execute(
			{ talk_id: 9, text: 'one' },
			{ talk_id: '7', text: 2 },
			{ talk_id: 9, text: 'three' },
		);
		expect(talks.sent).toEqual([
			{ talk_id: 9, text: 'one' },
			{ talk_id: 7, text: '2' },
			{ talk_id: 9, text: 'three' },
		]);
		expect(items!.map(({ json, pairedItem }) => [json.talk_id, pairedItem])).toEqual([
			[9, { item: 0 }],
			[7, { item: 1 }],
			[9, { item: 2 }],
		]);
	});

	test.each([
		[{ text }, { output: 'Hi' }, 'Talk ID is empty'],
		[{ text }, {}, 'The item is empty'],
		[{ text }, { talk_id: '../leads/7' }, 'Talk ID must be an ID, which is a number'],
		[{ text }, { talk_id: { id: 7 } }, 'but it is "{"id":7}"'],
		[{}, { talk_id: 7 }, 'Text is empty'],
		[{ text: '={{ $json.answer }}' }, { talk_id: 7 }, 'Text is empty'],
		[{ text: '={{ $json }}' }, { talk_id: 7 }, 'Text must be a text'],
	])('names the parameter that is wrong: %j for %j', async (parameters, item, message) => {
		const error = await failureOf(makeNode(parameters).execute(item));
		expect(error).toBeInstanceOf(NodeOperationError);
		expect(error.message).toContain(message);
		expect(error.context.itemIndex).toBe(0);
		expect(kommo.asked).toEqual([]);
	});

	test('says which scope and which plan are missing', async () => {
		talks.forbidden.add('send');
		const error = await failureOf(makeNode({ text }).execute(incoming));
		expect(error).toBeInstanceOf(NodeApiError);
		expect(error).toMatchObject({ httpCode: '403', context: { itemIndex: 0 } });
		for (const part of ['Sending to external chats', 'Trial, Pro or Enterprise', 'amoCRM']) {
			expect(error.message).toContain(part);
		}
		expect(error.message).toContain('(403): Access denied.');
		expect(kommo.asked).toHaveLength(1);
	});

	test.each([
		[401, 'refused the access token (401)'],
		[402, "because of the account's plan or because the plan's messages are used up (402)"],
		[404, 'no talk with this ID (404)'],
	])('says what to do at a %i', async (status, message) => {
		kommo.faults = [status];
		expect(await failureOf(makeNode({ text }).execute(incoming))).toMatchObject({
			message: expect.stringContaining(message),
			httpCode: String(status),
		});
		expect(kommo.asked).toHaveLength(1);
	});

	test.each([400, 422])('gives the reason that Kommo has for a %i', async (status) => {
		talks.refusal = { status, detail: 'This value is too long.' };
		expect(await failureOf(makeNode({ text }).execute(incoming))).toMatchObject({
			message: expect.stringContaining(
				`Kommo refused the message (${status}): text: This value is too long. `,
			) as string,
		});
	});

	test('counts the message as sent when Kommo accepts it without an id', async () => {
		for (const body of [{}, '']) {
			kommo.faults = [{ statusCode: 202, body }];
			const [items] = await makeNode({ text }).execute(incoming);
			expect(items![0]!.json).toEqual({ talk_id: 7, message_id: null, text });
		}
	});

	test('sends again with a renewed token, because Kommo refused the old one', async () => {
		const renewToken = jest.fn(async () => {});
		kommo.faults = [401];
		const parameters = { text, authentication: 'oAuth2' };
		await makeNode(parameters, { credentials: OAUTH2, renewToken }).execute(incoming);
		expect(renewToken).toHaveBeenCalledTimes(1);
		expect(talks.sent).toEqual([{ talk_id: 7, text }]);
	});

	test('says for how many items it is done when one fails', async () => {
		const node = makeNode({ text });
		const error = await failureOf(node.execute(incoming, { talk_id: 8 }, { talk_id: 404 }));
		expect(error).toMatchObject({
			message: expect.stringContaining('(404)'),
			description: expect.stringContaining('finished 2 of 3 items'),
			context: { itemIndex: 2 },
		});
		expect(talks.sent).toHaveLength(2);
	});

	test('continues with the other items if On Error says so, and gives the error in place of the item', async () => {
		const node = makeNode({ text }, { settings: { onError: 'continueRegularOutput' } });
		const [items] = await node.execute({ talk_id: 404 }, {}, { talk_id: 8 });
		expect(items).toEqual([
			{ json: { error: expect.stringContaining('(404)') as string }, pairedItem: { item: 0 } },
			{
				json: { error: expect.stringContaining('The item is empty') as string },
				pairedItem: { item: 1 },
			},
			{ json: expect.objectContaining({ talk_id: 8 }) as IDataObject, pairedItem: { item: 2 } },
		]);
		expect(talks.sent).toEqual([{ talk_id: 8, text }]);
	});

	describe('with Retry On Fail', () => {
		const settings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };

		test('sends again only what was certainly not sent', async () => {
			kommo.faults = [{ statusCode: 202, body: { id: 'a' } }, 404];
			const { data } = await makeNode({ text }, { settings }).run({ talk_id: 7 }, { talk_id: 8 });
			expect(kommo.asked).toEqual([7, 8, 8].map((talk) => `POST talks/${talk}/send_message`));
			expect(data!.main![0]!.map(({ json }) => json)).toEqual([
				{ talk_id: 7, message_id: 'a', text },
				{ talk_id: 8, message_id: expect.any(String) as string, text },
			]);
		});

		test('sends nothing again when it also continues with the other items', async () => {
			kommo.faults = [500];
			const both = { ...settings, onError: 'continueRegularOutput' } as const;
			const node = makeNode({ text }, { settings: both });
			const { data } = await node.run({ talk_id: 7 }, { talk_id: 8 }, { talk_id: 404 });
			expect(talks.sent).toEqual([{ talk_id: 8, text }]);
			expect(data!.main![0]!.map(({ json }) => json)).toEqual([
				{ error: expect.stringContaining('may or may not') as string },
				expect.objectContaining({ talk_id: 8 }),
				{ error: expect.stringContaining('(404)') as string },
			]);
		});
	});

	test('says that the credential cannot be used', async () => {
		const node = makeNode({ text }, { credentials: {} });
		expect((await failureOf(node.execute(incoming))).message).toContain(
			'credential could not be used. Choose one in the node',
		);
	});
});

describe('Run Salesbot', () => {
	const bot = byId(36143);
	const field = byId('805471');
	const item = { entity: 'message', entity_type: 'lead', entity_id: 5, answer: 'R$ 100' };
	const makeRun = (parameters: IDataObject, setup?: RegularNodeSetup) =>
		makeNode({ resource: 'salesbot', operation: 'run', bot, ...parameters }, setup);
	const run = async (parameters: IDataObject, setup?: RegularNodeSetup) =>
		await makeRun(parameters, setup).execute(item);

	test('runs it for the lead of the message that came in', async () => {
		expect(await run({})).toEqual([
			[
				{
					json: { bot_id: 36143, entity_type: 'leads', entity_id: 5 },
					pairedItem: { item: 0 },
				},
			],
		]);
		expect(talks.runs).toEqual([{ bot_id: 36143, entity_id: 5, entity_type: 'leads', fields: {} }]);
		expect(kommo.asked).toEqual(['POST bots/36143/run']);
	});

	test('writes the text to the field of the lead before it runs', async () => {
		await run({ field, text: '={{ $json.answer }}' });
		expect(kommo.asked).toEqual(['PATCH leads/5', 'POST bots/36143/run']);
		expect(talks.runs).toMatchObject([{ fields: { 805471: 'R$ 100' } }]);
	});

	test.each(['contacts', 'contact'])('does both for a contact, as %s', async (entityType) => {
		const [items] = await run({ entityType, entityId: 12, field: byId(905471), text: 'Hello' });
		expect(kommo.asked).toEqual(['PATCH contacts/12', 'POST bots/36143/run']);
		expect(talks.runs).toMatchObject([
			{ entity_id: 12, entity_type: 'contacts', fields: { 905471: 'Hello' } },
		]);
		expect(items![0]!.json).toEqual({ bot_id: 36143, entity_type: 'contacts', entity_id: 12 });
	});

	test.each([
		[{ bot: { __rl: true, mode: 'list', value: '' } }, 'Salesbot is empty'],
		[{ bot: byId('Answer') }, 'Salesbot must be an ID'],
		[{ entityId: 5, entityType: 'companies' }, 'Entity Type must be leads or contacts'],
		[{ field, text: '' }, 'Text is empty'],
		[{ text: 'Hello' }, 'There is a Text, but no Field to write it to. Choose the field'],
		[{ field: byId('x'), text: 'Hello' }, 'Field must be an ID'],
	])('names the parameter that is wrong: %j', async (parameters, message) => {
		const error = await failureOf(run(parameters));
		expect(error).toBeInstanceOf(NodeOperationError);
		expect(error.message).toContain(message);
		expect(kommo.asked).toEqual([]);
	});

	test.each([
		[{}, /^The item is empty.* click Execute workflow/],
		[{ output: 'Hi' }, /^Entity ID is empty.* Enter {{ \$\('Get unanswered messages'\)/],
	])('says of the item %j why it runs for nobody', async (nobody, message) => {
		expect((await failureOf(makeRun({}).execute(nobody))).message).toMatch(message);
		expect(kommo.asked).toEqual([]);
	});

	test('runs for the ID that the user has typed, even with an empty item', async () => {
		await makeRun({ entityId: 5 }).execute({});
		expect(talks.runs).toMatchObject([{ entity_id: 5 }]);
	});

	test('says what to do when the user may not run it, or not write to the field', async () => {
		talks.forbidden.add('run');
		expect((await failureOf(run({}))).message).toMatch(
			/use the Salesbot \(403\): Access denied\. Give its user/,
		);
		talks.forbidden.add('edit');
		const error = await failureOf(run({ field, text: 'Hello' }));
		expect(error.message).toMatch(/write to the field, so the Salesbot was not run \(403\)/);
		expect(talks.runs).toEqual([]);
	});

	test('says what is not there', async () => {
		const missing = { entityId: 404 };
		expect((await failureOf(run({ bot: byId(1) }))).message).toContain('no such Salesbot');
		expect((await failureOf(run(missing))).message).toContain('no lead or contact with this ID');
		expect((await failureOf(run({ ...missing, field, text: 'Hello' }))).message).toContain(
			'so the Salesbot was not run (404)',
		);
		const error = await failureOf(run({ field: byId(1), text: 'Hello' }));
		expect(error.message).toContain('(400): custom_fields_values.0.field_id: Field was not found.');
	});

	test('does not run it again when Kommo may have run it, but writes the field until it succeeds', async () => {
		kommo.faults = [500, connectionError('ECONNRESET')];
		await run({ field, text: 'Hello' });
		expect(kommo.asked).toEqual([...Array<string>(3).fill('PATCH leads/5'), 'POST bots/36143/run']);
		kommo.faults = [500];
		expect((await failureOf(run({}))).message).toMatch(
			/may or may not have run\. Look in the chat/,
		);
		expect(talks.runs).toHaveLength(1);
	});

	describe('lists', () => {
		const makeBot = (parameters: IDataObject = {}) =>
			makeNode({ resource: 'salesbot', operation: 'run', ...parameters });

		test('the Salesbots, or those whose names contain the typed text', async () => {
			expect(await makeBot().search('searchSalesbots')).toEqual({
				results: [
					{ name: 'Answer', value: 36143 },
					{ name: 'Goodbye', value: 36144 },
				],
			});
			expect((await makeBot().search('searchSalesbots', 'good')).results).toHaveLength(1);
		});

		test('the text fields of leads, or of contacts when it runs for one', async () => {
			expect(await makeBot().search('searchTextFields')).toEqual({
				results: [
					{ name: 'Answer', value: 805471 },
					{ name: 'Greeting', value: 805472 },
				],
			});
			expect(
				await makeBot({ entityId: 12, entityType: 'contacts' }).search('searchTextFields'),
			).toEqual({
				results: [{ name: 'Position', value: 905471 }],
			});
		});
	});
});

describe('Get Messages', () => {
	const get = async (parameters: IDataObject = {}, ...items: IDataObject[]) =>
		(await makeNode({ operation: 'getMessages', ...parameters }).execute(...items))[0]!;

	test('gives the latest messages of the talk as Kommo has them, the oldest first', async () => {
		talks.open({ talk_id: 7 });
		const written = [30, 10, 20, 20].map((created_at) => talks.write(7, { created_at }));
		const [third, , first, second] = written;
		expect(await get({ limit: 3 }, { talk_id: 7 })).toEqual(
			[first, second, third].map((message) => ({
				json: { ...message, talk_id: 7 },
				pairedItem: { item: 0 },
			})),
		);
	});

	test('reads all pages, because Kommo promises no order', async () => {
		talks.open({ talk_id: 7 });
		for (let time = 1; time <= 600; time++) talks.write(7, { created_at: time });
		const items = await get({}, { talk_id: 7 });
		expect(items.map(({ json }) => json.created_at)).toEqual(
			Array.from({ length: 50 }, (_, index) => 551 + index),
		);
		expect(kommo.asked).toHaveLength(3);
	});

	test('pairs the messages with the item of their talk', async () => {
		for (const talk_id of [7, 8]) {
			talks.open({ talk_id });
			talks.write(talk_id);
			talks.write(talk_id);
		}
		const items = await get({}, { talk_id: 7 }, { talk_id: 8 });
		expect(items.map(({ json, pairedItem }) => [json.talk_id, pairedItem])).toEqual([
			[7, { item: 0 }],
			[7, { item: 0 }],
			[8, { item: 1 }],
			[8, { item: 1 }],
		]);
	});

	test('gives a message once if it is on two pages, and ends when a page has nothing new', async () => {
		const page = {
			_links: { next: { href: 'https://evil.example.com/api/v4/talks/7/messages?page=2' } },
			_embedded: { messages: [{ id: 'a', created_at: 1 }] },
		};
		const requested: string[] = [];
		const repeat = async ({ url }: IHttpRequestOptions) => {
			requested.push(url);
			return { statusCode: 200, headers: {}, body: page };
		};
		const node = makeNode({ operation: 'getMessages' }, { answer: repeat });
		expect((await node.execute({ talk_id: 7 }))[0]).toHaveLength(1);
		expect(requested).toEqual([
			'https://acme.kommo.com/api/v4/talks/7/messages?limit=250&page=1',
			'https://acme.kommo.com/api/v4/talks/7/messages?page=2',
		]);
	});

	test.each([0, -1, 'x'])('does not accept %j as a limit', async (limit) => {
		const error = await failureOf(get({ limit }, { talk_id: 7 }));
		expect(error.message).toContain('Limit must be a number of at least 1');
	});

	test('says which scope and which plan are missing, and what is not there', async () => {
		expect((await failureOf(get({}, { talk_id: 404 }))).message).toContain('(404)');
		talks.forbidden.add('history');
		const { message } = await failureOf(get({}, { talk_id: 7 }));
		for (const part of ['External chat history', 'Trial, Pro or Enterprise', 'amoCRM']) {
			expect(message).toContain(part);
		}
	});
});

describe('the node', () => {
	const describeNode = () => (builtPackage().getNode('kommoChat').type as INodeType).description;

	test('tells the model as a tool what is wrong', async () => {
		talks.forbidden.add('send');
		const tool = await makeNode({ talkId: 7, text: 'Hello' }).makeTool({});
		await expect(tool.invoke({})).rejects.toThrow('Sending to external chats');
	});

	test('sends a message to the talk of the item by default', () => {
		expect(new BuiltNode().node.parameters).toMatchObject({
			authentication: 'accessToken',
			operation: 'sendMessage',
			talkId: '={{ $json.talk_id }}',
			text: '',
		});
	});

	test.each([
		['sendMessage', 'Send Message'],
		['run', 'Run Salesbot'],
		['getMessages', 'Get Messages'],
	])('says below its name on the canvas what it does: %s', async (operation, subtitle) => {
		const resource = operation === 'run' ? 'salesbot' : 'chat';
		const { workflow, node } = makeNode({ resource, operation });
		await workflow.expression.acquireIsolate?.();
		const { subtitle: expression } = describeNode();
		expect(workflow.expression.getSimpleParameterValue(node, expression, 'manual', {})).toBe(
			subtitle,
		);
	});
});
