import { withFields } from '../../nodes/shared/events/customFields';
import type { Json, JsonMap } from '../../nodes/shared/events/json';

const fieldsOf = (record: JsonMap) => withFields(record).fields;

const webhook = (name: string, values: Json) => ({ id: 5, name, values });
const ofApi = (field_name: string, ...values: Json[]) => ({
	field_id: 5,
	field_name,
	values: values.map((value) => ({ value, enum_id: 1 })),
});

describe('the custom fields of a record by name', () => {
	test.each<[string, Json, Json[]]>([
		['a text', [{ value: 'Ana' }], ['Ana']],
		['a number, a text as sent', [{ value: '007' }], ['007']],
		['a checkbox', [{ value: '1' }], ['1']],
		[
			'a list of choices',
			[
				{ value: 'Red', enum: '1' },
				{ value: 'Blue', enum: '2' },
			],
			['Red', 'Blue'],
		],
		['a date', ['1725915600'], ['1725915600']],
		['a radio button', { value: '2', enum: '566642' }, ['2']],
		['values with a hole', { 0: { value: 'a' }, 2: { value: 'b' } }, ['a', 'b']],
		['a map that is no list', { 1: 'a', a1: 'b' }, [{ 1: 'a', a1: 'b' }]],
		['a bare value', '7', ['7']],
		['a file, which has no value of its own', [{ file_uuid: 'a' }], [{ file_uuid: 'a' }]],
		['nothing', '', []],
		['null', null, []],
	])('in the form of webhooks: %s', (_, values, expected) => {
		expect(fieldsOf({ custom_fields: [webhook('Field', values)] })).toEqual({ Field: expected });
	});

	test('in the form of the API, with its types', () => {
		const custom_fields_values = [
			ofApi('Taken over', true),
			ofApi('Due', 1695484800),
			ofApi('Phone', 'a', 'b'),
		];
		expect(fieldsOf({ custom_fields_values })).toEqual({
			'Taken over': [true],
			Due: [1695484800],
			Phone: ['a', 'b'],
		});
	});

	test('are joined if they have the same name', () => {
		const fields = [webhook('Phone', [{ value: 'a' }]), webhook('Phone', [{ value: 'b' }])];
		expect(fieldsOf({ custom_fields: fields })).toEqual({ Phone: ['a', 'b'] });
	});

	test('are found in a list with holes, and in a map by ids', () => {
		const field = webhook('Phone', [{ value: 'a' }]);
		expect(
			fieldsOf({ custom_fields: { 1: field, 5: 'x', 752009: webhook('Email', ['b']) } }),
		).toEqual({
			Phone: ['a'],
			Email: ['b'],
		});
	});

	test('have their code as name, or else their id, if they have no name', () => {
		const custom_fields: Json[] = [
			{ id: 5, code: 'PHONE', values: ['a'] },
			{ id: 6, name: '', values: ['b'] },
			{},
		];
		expect(fieldsOf({ custom_fields })).toEqual({ PHONE: ['a'], 6: ['b'] });
	});

	test('have no name that reaches a prototype', () => {
		const names = ['__proto__', 'constructor', 'toString'];
		const custom_fields = names.map((name) => webhook(name, ['a']));
		expect(Object.keys(fieldsOf({ custom_fields }) as JsonMap)).toEqual(['toString']);
	});

	test('come before the list that Kommo sent', () => {
		const record = { id: 1, custom_fields: [webhook('Phone', ['a'])], name: 'Order' };
		expect(Object.entries(withFields(record))).toEqual([
			['id', 1],
			['fields', { Phone: ['a'] }],
			['custom_fields', record.custom_fields],
			['name', 'Order'],
		]);
	});

	test("leave a record's own fields as record_fields", () => {
		expect(withFields({ fields: 'own' })).toEqual({ record_fields: 'own' });
		const custom_fields = [webhook('Phone', ['a'])];
		expect(withFields({ fields: 'own', custom_fields })).toEqual({
			record_fields: 'own',
			fields: { Phone: ['a'] },
			custom_fields,
		});
	});

	test.each<Json>(['', null, [], {}, 'text', [null, 5]])(
		'are missing where there are none: %j',
		(list) => {
			const record = { id: 1, custom_fields: list, custom_fields_values: list };
			expect(withFields(record)).toEqual(record);
		},
	);
});
