import {
	NodeOperationError,
	type IDataObject,
	type IHttpRequestOptions,
	type IN8nHttpFullResponse,
	type INodeExecutionData,
	type INodeType,
} from 'n8n-workflow';

import { signTalkRef } from '../../nodes/KommoChat/talkRef';
import { builtPackage, loadPackage } from '../support/builtPackage';
import { BuiltNode, type RegularNodeSetup } from '../support/builtNode';
import { failureOf } from '../support/failureOf';
import { letTimeFly } from '../support/virtualTime';
import type { Message, Talks } from '../../scripts/kommo/standIn/talks';
import { KommoInMemory } from '../support/kommoInMemory';

const SECRET = 'long-lived-token';
const CREDENTIALS = { kommoPipelineAccessTokenApi: { account: 'acme', accessToken: SECRET } };
/** What the editor leaves of a choice when the pipeline or the credential changes */
const CLEARED = { __rl: true, mode: 'list', value: '', cachedResultName: '', cachedResultUrl: '' };

const byId = (value: number | string) => ({ __rl: true, mode: 'id', value });
const unixNow = () => Math.floor(Date.now() / 1000);

let kommo: KommoInMemory;
let talks: Talks;
/** Answers without a credential, by the address */
let files: Record<string, () => IN8nHttpFullResponse>;
/** The addresses that were asked for without a credential */
let downloads: string[];

beforeAll(loadPackage);
letTimeFly();

beforeEach(() => {
	kommo = new KommoInMemory();
	({ talks } = kommo);
	files = {};
	downloads = [];
});

async function answer(request: IHttpRequestOptions): Promise<IN8nHttpFullResponse> {
	const { url, encoding } = request;
	if (encoding !== 'stream') return await kommo.answer(request);
	expect(JSON.stringify(request)).not.toContain(SECRET);
	downloads.push(url);
	return files[url]!();
}

const makeNode = (operation: string, parameters: IDataObject = {}, setup: RegularNodeSetup = {}) =>
	new BuiltNode({
		credentials: CREDENTIALS,
		answer,
		parameters: {
			authentication: 'accessToken',
			resource: { handOver: 'lead', run: 'salesbot', stop: 'salesbot' }[operation] ?? 'chat',
			operation,
			...parameters,
		} as never,
		...setup,
	});

/** A message as the account trigger gives it */
const eventOf = (talk_id: number, message: Message): IDataObject => ({
	event: 'add',
	entity: 'message',
	talk_id,
	entity_type: 'lead',
	entity_id: talk_id,
	contact_id: 100_000 + talk_id,
	chat_id: `chat-${talk_id}`,
	...message,
	created_at: String(message.created_at),
	account: { id: 29085955, subdomain: 'acme' },
});

/** As Node.js gives a body */
const streamOf = (chunks: Iterable<Buffer>) =>
	Object.assign(
		(async function* () {
			yield* chunks;
		})(),
		{ destroy() {} },
	) as never;

const jsons = (items: INodeExecutionData[] | undefined) => items!.map(({ json }) => json);

describe('Get Unanswered Messages', () => {
	let long: number;
	const make = (parameters: IDataObject = {}, setup?: RegularNodeSetup) =>
		makeNode('getUnanswered', parameters, setup);

	beforeEach(() => {
		long = unixNow() - 100;
		for (const talk_id of [7, 8]) talks.open({ talk_id });
	});

	test('makes one item of all that the customer wrote, with what was said before', async () => {
		talks.write(7, { text: 'Hello', created_at: long - 60 });
		const bot = { id: 0, type: 'bot', name: 'n8n' } as const;
		talks.write(7, { text: 'Hi!', type: 'outgoing', author: bot, created_at: long - 50 });
		talks.write(7, { text: 'How much?', created_at: long });
		const link = 'https://drive-b.kommo.com/a';
		const attachment = { type: 'picture', link, file_name: 'a.png' };
		const picture = talks.write(7, {
			text: '',
			message_type: 'picture',
			attachment,
			created_at: long + 1,
		});
		const newest = talks.write(7, { text: 'Of this', created_at: long + 2 });
		const event = eventOf(7, newest);
		const [toAnswer, leftAlone] = await make().execute(event);
		expect(leftAlone).toEqual([]);
		expect(toAnswer).toEqual([
			{
				json: {
					...event,
					text: 'How much?\nOf this',
					messages: [expect.objectContaining({ text: 'How much?' }), picture, newest],
					attachments: [{ message_id: picture.id, message_type: 'picture', ...attachment }],
					newest_message_id: newest.id,
					history: [
						{ role: 'customer', text: 'Hello', created_at: long - 60 },
						{ role: 'bot', text: 'Hi!', created_at: long - 50 },
					],
					talk_ref: signTalkRef({ talkId: 7, target: { list: 'leads', id: 7 } }, SECRET),
				},
				pairedItem: { item: 0 },
			},
		]);
		expect(kommo.asked).toEqual(['GET talks/7/messages']);
	});

	test('gives as much of the history as is asked for', async () => {
		const messages = Array.from({ length: 30 }, (_, index) =>
			talks.write(7, { type: index < 29 ? 'outgoing' : 'incoming', created_at: long + index }),
		);
		const event = eventOf(7, messages.at(-1)!);
		expect((await make().execute(event))[0]![0]!.json.history).toHaveLength(20);
		const [items] = await make({ options: { history: 0 } }).execute(event);
		expect(items![0]!.json.history).toEqual([]);
	});

	test('leaves alone messages that must not be answered, each with its reason', async () => {
		const first = talks.write(7, { created_at: long });
		talks.write(7, { created_at: long + 1 });
		const answered = talks.write(8, { created_at: long });
		const sent = talks.write(8, { type: 'outgoing', created_at: long + 1 });
		const [toAnswer, leftAlone] = await make().execute(
			eventOf(7, first),
			eventOf(8, answered),
			{ ...eventOf(8, sent), entity: 'outgoing_message' },
			{ event: 'chat', entity: 'leads', id: 99 },
		);
		expect(toAnswer).toEqual([]);
		expect(leftAlone!.map(({ json, pairedItem }) => [json.reason, pairedItem])).toEqual([
			['newer_message', { item: 0 }],
			['answered', { item: 1 }],
			['outgoing', { item: 2 }],
			['no_message', { item: 3 }],
		]);
	});

	test('counts the quiet time from the message of each item', async () => {
		const created_at = unixNow();
		const events = [7, 8].map((talk) => eventOf(talk, talks.write(talk, { created_at })));
		const [toAnswer] = await make({ quietTime: 2 }).execute(...events);
		expect(toAnswer).toHaveLength(2);
		expect(Date.now()).toBeGreaterThanOrEqual((created_at + 2) * 1000);
	});

	test('finds the talk of a lead, and answers only one of two events at the same moment, also in two executions', async () => {
		talks.write(7, { created_at: long });
		const node = make();
		const chat = { event: 'chat', entity: 'leads', id: 7 };
		const executions = await Promise.all([
			node.executeItems([{ json: chat }, { json: chat }], '1'),
			node.executeItems([{ json: chat }], '2'),
		]);
		const toAnswer = executions.flatMap(([items]) => jsons(items));
		expect(toAnswer).toEqual([
			expect.objectContaining({ talk_id: 7, chat_id: talks.talks[0]!.chat_id, text: 'Message 1' }),
		]);
		expect(executions.flatMap(([, items]) => jsons(items)).map(({ reason }) => reason)).toEqual([
			'answered',
			'answered',
		]);
	});

	test('reads which message it is from an event of the list, and from the latest message', async () => {
		const first = talks.write(7, { created_at: long });
		const second = talks.write(7, { created_at: long + 5 });
		const listed = ({ id, created_at }: Message) => ({
			event: 'chat',
			entity: 'leads',
			id: 7,
			created_at,
			value_after: [{ message: { id } }],
		});
		const latest = { event: 'chat', entity: 'leads', id: 7, message: { ...first, talk_id: 7 } };
		const [toAnswer, leftAlone] = await make().execute(listed(first), listed(second), latest);
		expect(jsons(toAnswer)).toMatchObject([{ newest_message_id: second.id }]);
		expect(leftAlone).toHaveLength(2);
	});

	describe('when a person has taken over', () => {
		const takenOver = async (leaveAlone: IDataObject | string) => {
			const event = eventOf(7, talks.write(7, { created_at: long }));
			const [, leftAlone] = await make({ leaveAlone }).execute(event);
			return jsons(leftAlone).map(({ reason }) => reason);
		};
		const rules = (...stages: IDataObject[]) => ({ stages: { rules: stages } });

		test('by a ticked field', async () => {
			expect(await takenOver({ field: byId(805475) })).toEqual([]);
			const ticked = [{ field_id: 805475, values: [{ value: true }] }];
			talks.edits.push({ path: 'leads/7', body: { custom_fields_values: ticked } });
			expect(await takenOver({ field: byId(805475) })).toEqual(['taken_over']);
			expect(await takenOver({ field: byId(1) })).toEqual([]);
		});

		test('by a stage, or any stage of a pipeline', async () => {
			expect(await takenOver(rules({ stage: byId(142) }))).toEqual(['taken_over']);
			expect(await takenOver(rules({ pipeline: byId(7) }))).toEqual(['taken_over']);
			expect(await takenOver(rules({ pipeline: byId(8), stage: byId(142) }))).toEqual([]);
		});

		test('unless no sign is chosen', async () => {
			const untouched = { __rl: true, mode: 'list', value: '' };
			for (const leaveAlone of [{}, { field: untouched }, { stages: {} }]) {
				expect(await takenOver(leaveAlone)).toEqual([]);
			}
			expect(await takenOver(rules({ pipeline: untouched, stage: 142 }))).toEqual(['taken_over']);
		});

		test.each([
			[{ stage: byId(142) }, ' cannot be read'],
			[{ stages: [{ stage: byId(142) }] }, ' cannot be read'],
			[{ stages: { rule: [{ stage: byId(142) }] } }, ' cannot be read'],
			[rules({ to: byId(142) }), ' cannot be read'],
			['={{ { field: 805475 } }}', ' cannot be read'],
			[rules({}), ': Stages has an entry without a Pipeline and a Stage'],
			[{ field: byId('={{ $json.nothing }}') }, ': Field is empty'],
			[{ field: byId("={{ '' }}") }, ': Field is empty'],
			[rules({ pipeline: 7, stage: '={{ $json.nothing }}' }), ': Stage is empty'],
		])('does not answer when it cannot read the sign: %j', async (leaveAlone, problem) => {
			const error = await failureOf(takenOver(leaveAlone));
			expect(error).toBeInstanceOf(NodeOperationError);
			expect(error.message).toContain(`Leave Alone${problem}`);
		});

		test.each([
			['Field', { field: CLEARED }],
			['Stage', rules({ pipeline: byId(7), stage: CLEARED })],
			['Pipeline', rules({ pipeline: CLEARED, stage: byId(142) })],
		])('does not guess what the editor has cleared: %s', async (name, leaveAlone) => {
			expect((await failureOf(takenOver(leaveAlone))).message).toContain(
				`Leave Alone: ${name} is empty, because the editor cleared it`,
			);
		});

		test('also where only the talk is known', async () => {
			talks.write(7, { created_at: long });
			const node = make({ talkId: 7, leaveAlone: rules({ stage: byId(142) }) });
			const [, leftAlone] = await node.execute({});
			expect(leftAlone).toHaveLength(1);
			expect(kommo.asked).toEqual(['GET talks/7/messages', 'GET talks', 'GET leads/7']);
		});
	});

	test('says what to enter if the item names no talk, and that an item comes from another account', async () => {
		expect((await failureOf(make().execute({ output: 'Hi' }))).message).toContain(
			"Enter {{ $('Get unanswered messages').item.json.talk_id }} in Talk ID",
		);
		const event = { ...eventOf(7, talks.write(7)), account: { subdomain: 'other' } };
		expect((await failureOf(make().execute(event))).message).toContain('another account');
	});

	test.each([
		[-1, 'must be a number of 0 to 60'],
		[61, 'must be a number of 0 to 60'],
		['', 'is empty'],
		['={{ $json.quiet }}', 'is empty'],
	])('does not accept %j as a quiet time', async (quietTime, problem) => {
		const event = eventOf(7, talks.write(7, { created_at: long }));
		expect((await failureOf(make({ quietTime }).execute(event))).message).toContain(
			`Quiet Time (Seconds) ${problem}`,
		);
	});
});

describe('Send Message', () => {
	beforeEach(() => {
		talks.open({ talk_id: 7 });
	});

	test('sends only if the message is still the newest', async () => {
		const { id } = talks.write(7);
		const parameters = { text: 'R$ 100', onlyIfNewest: id };
		const [sent, leftAlone] = await makeNode('sendMessage', parameters).execute({ talk_id: 7 });
		expect([sent!.length, leftAlone!.length]).toEqual([1, 0]);
		const [none, second] = await makeNode('sendMessage', parameters).execute({ talk_id: 7 });
		expect(none).toEqual([]);
		expect(jsons(second)).toEqual([{ talk_id: 7, reason: 'answered' }]);
		expect(talks.sent).toHaveLength(1);
	});

	test('can follow up its own message of days ago, unless the customer has replied', async () => {
		const old = unixNow() - 3 * 24 * 3600;
		const { id } = talks.write(7, { id: 'follow-up', type: 'outgoing', created_at: old });
		const node = makeNode('sendMessage', { text: 'Any questions?', onlyIfNewest: id });
		expect((await node.execute({ talk_id: 7 }))[0]).toHaveLength(1);
		talks.write(7, { created_at: old + 1 });
		const [, leftAlone] = await node.execute({ talk_id: 7 });
		expect(jsons(leftAlone)).toMatchObject([{ reason: 'newer_message' }]);
	});

	test('finds the talk of the lead behind the other triggers', async () => {
		await makeNode('sendMessage', { text: 'Hi' }).execute({
			event: 'chat',
			entity: 'leads',
			id: 7,
		});
		expect(talks.sent).toEqual([{ talk_id: 7, text: 'Hi' }]);
		const none = makeNode('sendMessage', { text: 'Hi' }).execute({
			event: 'status',
			entity: 'leads',
			id: 9,
		});
		expect((await failureOf(none)).message).toContain('no open talk');
	});

	test('says that the talk is closed, and that the quota is used up', async () => {
		talks.open({ talk_id: 8, is_in_work: false });
		const node = makeNode('sendMessage', { text: 'Hi' });
		expect((await failureOf(node.execute({ talk_id: 8 }))).message).toContain(
			'(422): Talk is closed. A closed talk takes none',
		);
		const detail = 'Over chat API limit';
		kommo.faults = [{ of: 'send_message', statusCode: 402, body: { detail } }];
		expect((await failureOf(node.execute({ talk_id: 7 }))).message).toMatch(
			/\(402\): Over chat API/,
		);
	});

	describe('with an attachment', () => {
		const PNG = Buffer.concat([
			Buffer.from('89504e470d0a1a0a', 'hex'),
			Buffer.from('x'.repeat(2492)),
		]);
		const send = async (bytes: Buffer, fileName?: string, text = '') => {
			const data = { data: bytes.toString('base64'), mimeType: 'text/plain', fileName };
			const node = makeNode('sendMessage', { text, options: { attachment: 'data' } });
			return await node.executeItems([{ json: { talk_id: 7 }, binary: { data: data as never } }]);
		};

		test.each([1000, 2500, 5000])('in parts of %i bytes', async (size) => {
			kommo.drive.maxPartSize = size;
			await send(PNG, 'price.png', 'Here');
			const [uuid, file] = [...kommo.drive.files][0]!;
			expect(file).toEqual({ name: 'price.png', contentType: 'image/png', bytes: PNG });
			const rest = PNG.length % size;
			const whole = Array<number>(Math.floor(PNG.length / size)).fill(size);
			expect(kommo.drive.parts).toEqual([...whole, ...(rest ? [rest] : [])]);
			expect(talks.sent).toEqual([
				{
					talk_id: 7,
					text: 'Here',
					attachment: {
						type: 'picture',
						drive_uuid: uuid,
						drive_version_uuid: uuid.replace('f11e', 'ae25'),
					},
				},
			]);
		});

		test.each([
			['video', '000000186674797069736f6d'],
			['file', '255044462d312e37'],
		])('as a %s by its content', async (type, head) => {
			await send(Buffer.from(head, 'hex'));
			expect(talks.sent).toMatchObject([{ attachment: { type } }]);
		});

		test('nothing when it is too large, empty, or a part of it fails', async () => {
			kommo.drive.maxFileSize = 2499;
			expect((await failureOf(send(PNG))).message).toContain(
				'has 2500 bytes, but the account takes at most 2499, so nothing was sent',
			);
			kommo.drive.maxFileSize = 3000;
			kommo.drive.maxPartSize = 1000;
			expect((await failureOf(send(Buffer.alloc(0)))).message).toContain('empty');
			kommo.faults = [{ of: 'upload/1/1', statusCode: 403 }];
			const { message } = await failureOf(send(PNG));
			expect(message).toContain(
				'so nothing was sent (403). Check that the integration has the scope',
			);
			expect(talks.sent).toEqual([]);
		});
	});
});

describe('Download Attachment', () => {
	const LINK = 'https://drive-b.kommo.com/download/voice.ogg';
	const M4A = Buffer.from('000000186674797069736f6d00000000', 'hex');
	const give =
		(body: Buffer, statusCode = 200, headers: IDataObject = {}) =>
		() => ({
			statusCode,
			headers: { 'content-type': 'audio/ogg', ...headers },
			body: streamOf([body]),
		});
	const download = async (item: IDataObject, parameters: IDataObject = {}) =>
		(await makeNode('downloadAttachment', parameters).execute(item))[0]![0]!;
	const attachment = { type: 'voice', link: LINK, file_name: 'voice.ogg' };

	test('gives a voice message with its real type, and with its item', async () => {
		files[LINK] = give(M4A);
		const { json, binary } = await download({ id: 'a', message_type: 'voice', attachment });
		expect(json.id).toBe('a');
		expect(binary!.data).toMatchObject({ fileName: 'voice.m4a', mimeType: 'audio/mp4' });
		expect(Buffer.from(binary!.data!.data, 'base64')).toEqual(M4A);
	});

	test('gives all files of a turn', async () => {
		const PDF = 'https://amojo.kommo.com/attachments/price';
		files[LINK] = give(M4A);
		files[PDF] = give(Buffer.from('%PDF-1.7'));
		const attachments = [
			{ message_type: 'voice', ...attachment },
			{ message_type: 'file', type: 'file', link: PDF, file_name: 'price' },
		];
		const { binary } = await download({ attachments });
		expect(binary).toMatchObject({
			data: { fileName: 'voice.m4a' },
			data_1: { fileName: 'price.pdf', mimeType: 'application/pdf' },
		});
	});

	test.each([
		'http://drive-b.kommo.com/a',
		'https://kommo.com.example.com/a',
		'https://acme.kommo.com:8443/a',
		'https://acme@kommo.drive.kommo.com/a',
		'https://169.254.169.254/a',
		'file:///etc/passwd',
	])('does not ask %s', async (link) => {
		expect((await failureOf(download({}, { link }))).message).toContain(
			"Only files at Kommo's own addresses",
		);
		expect(downloads).toEqual([]);
	});

	test('follows a redirect within Kommo, and none elsewhere', async () => {
		const next = 'https://drive-c.kommo.com/b';
		files[LINK] = give(Buffer.from(''), 302, { location: '/b?c=1' });
		files['https://drive-b.kommo.com/b?c=1'] = give(Buffer.from(''), 307, { location: next });
		files[next] = give(M4A);
		expect((await download({}, { link: LINK })).binary).toBeDefined();
		files[next] = give(Buffer.from(''), 302, { location: 'http://169.254.169.254/' });
		const { message } = await failureOf(download({}, { link: LINK }));
		expect(message).toContain('169.254.169.254');
		files[next] = give(Buffer.from(''), 302, { location: next });
		expect((await failureOf(download({}, { link: LINK }))).message).toContain(
			'redirects too often',
		);
	});

	test('stops if a file is larger than 20 MB, whatever the server says about its length', async () => {
		let chunks = 0;
		const chunk = Buffer.alloc(1024 * 1024);
		files[LINK] = () => ({
			statusCode: 200,
			headers: { 'content-length': '5' },
			body: streamOf(
				(function* () {
					for (; chunks < 1000; chunks++) yield chunk;
				})(),
			),
		});
		expect((await failureOf(download({}, { link: LINK }))).message).toContain('larger than 20 MB');
		expect(chunks).toBeLessThan(60);
	});

	test('says what to do when there is no attachment, or Kommo no longer has it', async () => {
		expect((await failureOf(download({ text: 'Hi' }))).message).toContain('has no attachment');
		files[LINK] = give(Buffer.from(''), 404);
		expect((await failureOf(download({}, { link: LINK }))).message).toContain('(404)');
	});
});

describe('Hand Over', () => {
	const event = { event: 'add', entity: 'message', entity_type: 'lead', entity_id: 7, talk_id: 7 };
	const all = {
		pipeline: byId(7),
		stage: byId(20),
		field: byId(805475),
		responsibleUser: byId(938300),
		task: 'Call back',
	};
	const handOver = async (parameters: IDataObject, item: IDataObject = event) =>
		jsons((await makeNode('handOver', parameters).execute(item))[0]);

	test('changes the lead in one request, then creates the task', async () => {
		const began = unixNow();
		expect(await handOver(all)).toEqual([{ entity_id: 7, task_id: 1 }]);
		expect(kommo.asked).toEqual(['PATCH leads/7', 'POST tasks']);
		expect(talks.edits).toEqual([
			{
				path: 'leads/7',
				body: {
					pipeline_id: 7,
					status_id: 20,
					responsible_user_id: 938300,
					custom_fields_values: [{ field_id: 805475, values: [{ value: true }] }],
				},
			},
		]);
		const [task] = kommo.tasks.created.flat();
		expect(task!.complete_till).toBeGreaterThanOrEqual(began + 15 * 60);
		expect(task!.complete_till).toBeLessThanOrEqual(unixNow() + 15 * 60);
		expect(task).toMatchObject({ text: 'Call back', entity_id: 7, responsible_user_id: 938300 });
	});

	test("does each of these alone, and gives the task to the lead's responsible user", async () => {
		expect(await handOver({ field: byId(805475) })).toEqual([{ entity_id: 7, task_id: null }]);
		await handOver({ task: 'Call', dueIn: 60 });
		expect(kommo.tasks.created.flat()).toMatchObject([{ responsible_user_id: 938300 }]);
		expect(kommo.asked).toEqual(['PATCH leads/7', 'GET leads/7', 'POST tasks']);
	});

	test('says what is missing, and what has happened when a part of it fails', async () => {
		expect((await failureOf(handOver({}))).message).toContain('Nothing is chosen');
		expect((await failureOf(handOver({ pipeline: byId(7) }))).message).toContain('Stage is empty');
		const contact = { ...event, entity_type: 'contact' };
		expect((await failureOf(handOver(all, contact))).message).toContain('about a contact without');
		const customer = { ...event, entity_type: 'customer' };
		expect((await failureOf(handOver(all, customer))).message).toContain('is about a customer');
		kommo.tasks.nextStatuses.push(403);
		expect((await failureOf(handOver(all))).message).toContain('handed over, but without a task');
		kommo.tasks.nextStatuses.push(500);
		expect((await failureOf(handOver(all))).message).toContain('may or may not have been created');
		talks.forbidden.add('edit');
		expect((await failureOf(handOver(all))).message).toContain('so it was not handed over (403)');
	});

	test.each([
		[403, 'create the task (403)'],
		[500, 'Kommo did not confirm the task'],
	])(
		'does not say that the lead is handed over if only the task fails: %i',
		async (status, message) => {
			kommo.tasks.nextStatuses.push(status);
			const error = await failureOf(handOver({ task: 'Call' }));
			expect(error.message).toContain(message);
			expect(error.message).not.toContain('handed over');
		},
	);

	test('offers checkbox fields, users and the stages of the pipeline', async () => {
		const node = makeNode('handOver', all);
		const names = async (method: string) =>
			(await node.search(method)).results.map(({ name }) => name);
		expect(await names('searchCheckboxFields')).toEqual(['Taken over']);
		expect(await names('searchUsers')).toEqual(['Somebody', 'Ana Souza']);
		const stages = ['Sales: Negotiation', 'Sales: Contract', 'Closed - won', 'Closed - lost'];
		expect(await names('searchStages')).toEqual(stages);
	});
});

describe('Close Talk and Stop Salesbot', () => {
	test('close the talk of the item, and say when it is closed already', async () => {
		talks.open({ talk_id: 7 });
		const node = makeNode('closeTalk', { forceClose: true });
		expect(jsons((await node.execute({ talk_id: 7 }))[0])).toEqual([{ talk_id: 7 }]);
		expect(talks.talks[0]).toMatchObject({ status: 'closed' });
		expect((await failureOf(node.execute({ talk_id: 7 }))).message).toMatch(
			/\(422\): Talk is closed/,
		);
	});

	test('count a talk as closed when Kommo closed it but answered with an error', async () => {
		talks.open({ talk_id: 7, is_in_work: false });
		kommo.faults = [502];
		const node = makeNode('closeTalk', { forceClose: true });
		expect(jsons((await node.execute({ talk_id: 7 }))[0])).toEqual([{ talk_id: 7 }]);
		expect(kommo.asked).toHaveLength(2);
	});

	test('stop the Salesbot of the lead or contact of the item', async () => {
		const node = makeNode('stop', { bot: byId(36143) });
		await node.execute(
			{ event: 'status', entity: 'leads', id: 7 },
			{ event: 'add', entity: 'message', contact_id: 12, entity_type: 'contact', entity_id: 12 },
		);
		expect(talks.stops).toEqual([
			{ bot_id: 36143, entity_id: 7, entity_type: 'leads' },
			{ bot_id: 36143, entity_id: 12, entity_type: 'contacts' },
		]);
	});
});

describe('as a tool', () => {
	const talkRef = signTalkRef({ talkId: 7, target: { list: 'leads', id: 7 } }, SECRET);
	const text = "={{ $fromAI('text', 'The answer') }}";

	beforeEach(() => {
		for (const talk_id of [7, 999]) talks.open({ talk_id });
	});

	test('writes to the talk of the reference, whatever ids a model adds', async () => {
		const parameters = { talkId: '={{ $json.talk_id }}', text };
		const tool = await makeNode('sendMessage', parameters).makeTool({ talk_ref: talkRef });
		await tool.invoke({ text: 'Hello', talk_id: 999, talkId: 999, entity_id: 999 });
		expect(talks.sent).toEqual([{ talk_id: 7, text: 'Hello' }]);
	});

	test.each(['', '7', talkRef.replace('7.', '9.'), signTalkRef({ talkId: 999 }, 'another secret')])(
		'refuses a reference that it has not made: %s',
		async (forged) => {
			const tool = await makeNode('sendMessage', { text }).makeTool({ talk_ref: forged });
			await expect(tool.invoke({ text: 'Hello', talk_id: 999 })).rejects.toThrow('Talk Reference');
			expect(talks.sent).toEqual([]);
		},
	);

	test.each(['={{ $json.talk_id }}', "={{ $fromAI('talk_id', 'The talk', 'number') }}"])(
		'does not accept an ID that a model may have changed: %s',
		async (talkId) => {
			const tool = await makeNode('sendMessage', { talkId, text }).makeTool({ talk_id: 999 });
			await expect(tool.invoke({ text: 'Hello', talk_id: 999 })).rejects.toThrow('Talk Reference');
			expect(talks.sent).toEqual([]);
		},
	);

	test('tells the model that nothing was sent, and why', async () => {
		const { id } = talks.write(7);
		talks.write(7);
		const node = makeNode('sendMessage', { text, onlyIfNewest: id });
		const tool = await node.makeTool({ talk_ref: talkRef });
		expect(JSON.parse(await tool.invoke({ text: 'Hello' }))).toEqual([
			{ sent: false, reason: 'newer_message' },
		]);
	});

	test('sends one message, whatever a model gives as the newest one', async () => {
		const { id } = talks.write(7, { id: 'for a tool' });
		const onlyIfNewest = '={{ $json.newest_message_id }}';
		const node = makeNode('sendMessage', { text, onlyIfNewest });
		// AI Agent 3 puts what the model gives into the tool's item.
		const send = async (newest_message_id: unknown) => {
			const tool = await node.makeTool({ talk_ref: talkRef, newest_message_id } as IDataObject);
			return (JSON.parse(await tool.invoke({ text: 'Hello' })) as IDataObject[])[0]!;
		};
		const { message_id } = await send(id);
		expect(await send(message_id)).toEqual({ sent: false, reason: 'no_message' });
		await expect(send(' ')).rejects.toThrow('Only If Newest is empty');
		expect(talks.sent).toHaveLength(1);
	});

	test('runs a Salesbot for the record that the user has typed', async () => {
		const parameters = { bot: byId(36143), entityId: 12, entityType: 'contacts' };
		const tool = await makeNode('run', parameters).makeTool({});
		await tool.invoke({ entity_id: 999 });
		expect(talks.runs).toMatchObject([{ bot_id: 36143, entity_id: 12, entity_type: 'contacts' }]);
	});

	test('does not let a model choose between the lead and the contact of an ID', async () => {
		const entityType = "={{ $fromAI('entity_type', 'leads or contacts') }}";
		const parameters = { bot: byId(36143), entityId: 12, entityType };
		const tool = await makeNode('run', parameters).makeTool({});
		await expect(tool.invoke({ entity_type: 'leads' })).rejects.toThrow('Talk Reference');
		expect(talks.runs).toEqual([]);
	});

	test('hands over the lead of the reference, and says when', async () => {
		const node = makeNode('handOver', { field: byId(805475) });
		const tool = await node.makeTool({ talk_ref: talkRef });
		expect((tool as unknown as { description: string }).description).toBe(
			'Hand over a customer who asks for or needs a person in Kommo Chat',
		);
		await tool.invoke({ entity_id: 999 });
		expect(talks.edits.map(({ path }) => path)).toEqual(['leads/7']);
	});
});

test('no parameter is required: n8n would not run the step, and would drop the data of the steps before', () => {
	const { properties } = (builtPackage().getNode('kommoChat').type as INodeType).description;
	expect(properties.filter(({ required }) => required)).toEqual([]);
});
