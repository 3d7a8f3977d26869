import { readEvents } from '../../nodes/shared/decoding/payload';
import { eventsOf } from '../support/decoded';
import { listWires, readWire } from '../support/wire';

const ACCOUNT = 'account[id]=29085955&account[subdomain]=acme';
const account = { id: 29085955, subdomain: 'acme' };

describe('readEvents', () => {
	test.each([
		['leads[chat][0]', ['id', 'name', 'author', 'text']],
		['message[add][0]', ['id', 'text', 'author', 'name']],
		['outgoing_message[add][0]', ['id', 'text', 'author', 'name']],
	])('puts the fields of %s in reading order', (field, names) => {
		const sent = ['name', 'author', 'text', 'id'].map((name) => `${field}[${name}]=1`).join('&');
		const [event] = eventsOf(`${ACCOUNT}&${sent}`);
		expect(Object.keys(event!)).toEqual(['event', 'entity', ...names, 'account']);
	});

	test.each([
		['a list', 'leads[chat][0][id]=1&leads[chat][1][id]=2'],
		['a map of indices with holes', 'leads[chat][3][id]=1&leads[chat][7][id]=2'],
		['a JSON list', '{"leads":{"chat":[{"id":"1"},{"id":2}]}}'],
		['a JSON map of indices', ' {"leads":{"chat":{"3":{"id":1},"7":{"id":2}}}}'],
	])('gives one event for each record of %s, without an account if none is named', (_, body) => {
		expect(readEvents(body)).toStrictEqual([
			{ event: 'chat', entity: 'leads', id: 1 },
			{ event: 'chat', entity: 'leads', id: 2 },
		]);
	});

	test('keeps the order of a map of indices', () => {
		const events = eventsOf('leads[chat][7][id]=1&leads[chat][3][id]=2');
		expect(events.map(({ id }) => id)).toEqual([1, 2]);
	});

	test('reads a form whose first name begins like JSON', () => {
		expect(readEvents('[x]=1&leads[chat][0][id]=1')).toMatchObject([{ event: 'chat', id: 1 }]);
	});

	test('treats fields directly below the action as a single record', () => {
		expect(readEvents('leads[chat][id]=1&leads[chat][status_id]=2')).toEqual([
			{ event: 'chat', entity: 'leads', id: 1, status_id: 2 },
		]);
		expect(readEvents('leads[chat][utm1]=x')).toMatchObject([{ utm1: 'x' }]);
		expect(readEvents('leads[chat][1st]=x')).toMatchObject([{ '1st': 'x' }]);
	});

	test.each(['leads[delete][0]=7', 'leads[delete]=7', '{"leads":{"delete":[7]}}'])(
		'treats the bare value of %s as an id',
		(body) => {
			expect(readEvents(body)).toEqual([{ event: 'delete', entity: 'leads', id: 7 }]);
		},
	);

	test.each([
		['task[update][0][0][id]=1&task[update][0][1][id]=2&task[update][1][id]=3'],
		['{"task":{"update":[[{"id":1},{"id":2}],{"id":3}]}}'],
		['{"task":{"update":[[[{"id":1}],{"id":2}],[],{"id":3}]}}'],
		['task[update][0][0]=1&task[update][0][1]=2&task[update][1][id]=3'],
	])('gives one event for each record of a record that is itself a list: %s', (body) => {
		expect(readEvents(body)).toEqual(
			[1, 2, 3].map((id) => ({ event: 'update', entity: 'task', id })),
		);
	});

	test('keeps an integer of a JSON body as it was sent, however long', () => {
		const fields = '"id":9007199254740993,"price":1234567890123456,"b":-12345678901234567890';
		const others =
			'"c":0.12345678901234567,"d":12345678901234567.5,"text":"12345678901234567890 \\" 1"';
		expect(readEvents(`{"leads":{"chat":[{${fields},${others}}]}}`)).toEqual([
			{
				event: 'chat',
				entity: 'leads',
				id: '9007199254740993',
				price: 1234567890123456,
				b: '-12345678901234567890',
				c: Number('0.12345678901234567'),
				d: Number('12345678901234567.5'),
				text: '12345678901234567890 " 1',
			},
		]);
	});

	test('keeps the lists of a JSON body as lists, an empty one too', () => {
		const body = '{"leads":{"add":[{"id":"1","tags":[],"c":[{"d_id":"2"},[]],"e":{}}]}}';
		expect(readEvents(body)).toEqual([
			{ event: 'add', entity: 'leads', id: 1, tags: [], c: [{ d_id: 2 }, []], e: {} },
		]);
	});

	test('makes ids numbers at any depth, also below lists', () => {
		const body = 'leads[add][0][a][0][b][c_id]=1&leads[add][0][tags][0]=2&leads[add][0][ids][id]=3';
		expect(readEvents(body)).toStrictEqual([
			{ event: 'add', entity: 'leads', a: [{ b: { c_id: 1 } }], tags: ['2'], ids: { id: 3 } },
		]);
	});

	test('reads all entities and actions of one request, in its order', () => {
		const body = `leads[status][0][id]=1&leads[mail_in][0][id]=2&customers[period][0][id]=3&${ACCOUNT}`;
		expect(readEvents(body)).toEqual([
			{ event: 'status', entity: 'leads', id: 1, account },
			{ event: 'mail_in', entity: 'leads', id: 2, account },
			{ event: 'period', entity: 'customers', id: 3, account },
		]);
	});

	test("keeps a record's own event, entity, account and fields under names of their own", () => {
		const body = `task[add][0][event]=call&task[add][0][entity]=x&task[add][0][account][id]=5&task[add][0][fields]=7&${ACCOUNT}`;
		expect(readEvents(body)).toEqual([
			{
				event: 'add',
				entity: 'task',
				record_event: 'call',
				record_entity: 'x',
				record_account: { id: 5 },
				record_fields: '7',
				account,
			},
		]);
	});

	test.each([
		['record_event', 'event'],
		['event', 'record_event'],
	])("keeps a record's own %s and %s, in this order too", (first, second) => {
		const value = (name: string) => (name === 'event' ? 'call' : 'chat');
		const fields = [first, second].map((name) => `task[add][0][${name}]=${value(name)}`).join('&');
		expect(readEvents(fields)).toEqual([
			{ event: 'add', entity: 'task', record_record_event: 'call', record_event: 'chat' },
		]);
	});

	test('gives no event for a list without records', () => {
		expect(readEvents('{"leads":{"status":[]}}')).toEqual([]);
		expect(readEvents('{"leads":{"status":[null]}}')).toEqual([]);
		expect(readEvents('{"leads":{"status":{}}}')).toEqual([]);
		expect(readEvents('leads[status]=')).toEqual([]);
	});

	test('keeps the events of a request in which other entities are broken', () => {
		expect(readEvents('leads[chat][0][id]=1&contacts=2&talk[0][id]=3&foo=bar')).toEqual([
			{ event: 'chat', entity: 'leads', id: 1 },
		]);
	});

	test.each([
		['an empty body', ''],
		['a scalar', 'foo=bar'],
		['an entity without an action', 'leads=1'],
		['an entity with an index for an action', 'leads[0][id]=1&leads[5][id]=2'],
		['only an account', ACCOUNT],
		['HTML', '<html><a href="x[0][1]=2">leads[status][0]</a></html>'],
		['a prototype key for an entity', 'constructor[add][0][id]=1'],
		['prose', 'Hello, how are [you][today]=? Fine.'],
		['a JSON list', '[]'],
		['a JSON list of entities', '[{"leads":{"status":[{"id":1}]}}]'],
		['a JSON scalar', '"leads"'],
		['JSON cut off', '{"leads":{"status":[{"id":1}]'],
	])('does not treat %s as a webhook of Kommo', (_, body) => {
		expect(readEvents(body)).toBe('notKommo');
	});

	test('reads JSON whatever lies deeper than any form could, brackets in texts too', () => {
		const deep = `${'[{"a":'.repeat(40)}"]\\"}"${'}]'.repeat(40)}`;
		const [event] = eventsOf(`{"leads":{"chat":[{"id":1,"deep":${deep},"text":"[[{\\"{"}]}}`);
		expect(event).toMatchObject({ id: 1, text: '[[{"{' });
	});

	test('gives null for what JSON nests deeper than a form can, and keeps the rest', () => {
		const nest = (levels: number, value: string) => '['.repeat(levels) + value + ']'.repeat(levels);
		const long = '12345678901234567890';
		const fields = `"a":${nest(61, long)},"b":${nest(62, long)}`;
		const [event] = eventsOf(`{"leads":{"chat":[{${fields}}]}}`);
		expect(JSON.stringify(event!.a)).toBe(nest(61, `"${long}"`));
		expect(JSON.stringify(event!.b)).toBe(nest(61, 'null'));
	});

	describe.each([
		['a form', (count: number) => writeMany(count, (index) => `leads[chat][${index}][id]=1`, '&')],
		['empty brackets', (count: number) => writeMany(count, () => `leads[chat][][id]=1`, '&')],
		[
			'a JSON list',
			(count: number) => `{"leads":{"chat":[${writeMany(count, () => '{"id":1}', ',')}]}}`,
		],
		[
			'JSON lists in a list',
			(count: number) => `{"leads":{"chat":[[[${writeMany(count, () => '1', ',')}]]]}}`,
		],
		[
			'two actions',
			(count: number) =>
				`leads[delete][]=1&${writeMany(count - 1, (index) => `leads[chat][${index}][id]=1`, '&')}`,
		],
	])('in %s', (_, write) => {
		test('reads 10,000 records', () => {
			expect(readEvents(write(10_000))).toHaveLength(10_000);
		});

		test('refuses one more', () => {
			expect(readEvents(write(10_001))).toBe('tooMany');
		});
	});

	test('reads 10,000 records with all fields that Kommo sends', () => {
		const field = '{"id":1,"name":"Phone","values":[{"value":"1","enum":2},{"value":"3"}]}';
		const record = `{"id":1,"tags":[{"id":1,"name":"a"}],"custom_fields":[${field},${field}]}`;
		const body = `{"leads":{"chat":[${writeMany(10_000, () => record, ',')}]}}`;
		expect(readEvents(body)).toHaveLength(10_000);
	});

	test.each([
		[
			'lists',
			`{"leads":{"chat":[${writeMany(2_000, () => '['.repeat(50) + ']'.repeat(50), ',')}]}}`,
		],
		['numbers', `{"leads":{"chat":[{"a":[${writeMany(100_000, () => '1', ',')}]}]}}`],
		['brackets', writeMany(2_000, () => `leads[chat][0]${'[]'.repeat(50)}`, '&')],
		['short pairs', `leads[chat][0][id]=1&${writeMany(50_000, () => 'a=1', '&')}`],
		[
			"brackets in JSON with a form's names",
			`{${writeMany(2_000, (index) => `"leads[chat][${index}]${'[a]'.repeat(50)}":1`, ',')}}`,
		],
		[
			"short pairs in JSON with a form's names",
			`{${writeMany(50_000, (index) => `"a[${index}]":1`, ',')}}`,
		],
	])('refuses a body that is little but %s', (_, body) => {
		expect(readEvents(body)).toBe('tooMany');
	});

	test('gives only the events that are taken', () => {
		const body = 'leads[chat][0][id]=1&leads[chat][1][id]=2&talk[add][0][id]=3';
		expect(readEvents(body, ({ id }) => id === 2)).toEqual([
			{ event: 'chat', entity: 'leads', id: 2 },
		]);
		expect(readEvents(body, () => false)).toEqual([]);
	});

	describe('add without an entity', () => {
		test.each([
			'add[0][id]=1140&add[0][type]=waba&add[0][is_on_review]=0&add[0][reviews][0][id]=7&account[subdomain]=acme',
			'{"add":[{"id":1140,"type":"waba","is_on_review":"0","reviews":[{"id":7}]}],"account":{"subdomain":"acme"}}',
			'{"add":{"id":1140,"type":"waba","is_on_review":"0","reviews":[{"id":7}]},"account":{"subdomain":"acme"}}',
		])('is a review of a chat template: %s', (body) => {
			expect(readEvents(body)).toEqual([
				{
					event: 'add',
					entity: 'chat_template_review',
					id: 1140,
					type: 'waba',
					is_on_review: '0',
					reviews: [{ id: 7 }],
					account: { subdomain: 'acme' },
				},
			]);
		});

		test.each(['add[0][id]=1&add[0][reviews][0][id]=7', 'add[0][id]=1&add[0][is_on_review]=0'])(
			'is one by either of its fields: %s',
			(body) => {
				expect(readEvents(body)).toMatchObject([{ entity: 'chat_template_review', id: 1 }]);
			},
		);

		test.each(['add[0][id]=m-1&add[0][chat_id]=c-1', 'add[0][id]=m-1&add[0][talk_id]=7'])(
			'is a message: %s',
			(body) => {
				expect(readEvents(body)).toMatchObject([{ event: 'add', entity: 'message', id: 'm-1' }]);
			},
		);

		test.each(['add[0][id]=1', 'add[id]=1', 'add[0]=1', 'add=1', '{"add":[]}'])(
			'is none when no field tells: %s',
			(body) => {
				expect(readEvents(body)).toBe('notKommo');
			},
		);
	});

	describe("JSON with a form's names as keys", () => {
		test('gives the same events as the form', () => {
			for (const form of listWires()
				.map(readWire)
				.filter((body) => !body.startsWith('{'))) {
				const json = JSON.stringify(Object.fromEntries(new URLSearchParams(form)));
				expect(readEvents(json)).toEqual(readEvents(form));
			}
		});

		test('reads what n8n makes of repeated names', () => {
			expect(readEvents('{"leads[delete][]":["7","8"],"account[subdomain]":"acme"}')).toEqual(
				readEvents('leads[delete][]=7&leads[delete][]=8&account[subdomain]=acme'),
			);
		});

		test('keeps what JSON has below them', () => {
			const body = '{"leads[add]":[{"id":"1","tags":[]}],"account":{"id":"3"},"__proto__[a]":1}';
			expect(readEvents(body)).toEqual([
				{ event: 'add', entity: 'leads', id: 1, tags: [], account: { id: 3 } },
			]);
		});
	});

	test('drops the prototype keys of a JSON body', () => {
		const body = '{"leads":{"chat":[{"id":1,"__proto__":{"a":1},"b":{"constructor":2,"c":3}}]}}';
		expect(readEvents(body)).toEqual([{ event: 'chat', entity: 'leads', id: 1, b: { c: 3 } }]);
	});
});

function writeMany(count: number, write: (index: number) => string, separator: string): string {
	return Array.from({ length: count }, (_, index) => write(index)).join(separator);
}
