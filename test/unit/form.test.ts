import { parseForm } from '../../nodes/shared/decoding/form';
import { toJson } from '../../nodes/shared/decoding/tree';

const read = (body: string) => toJson(parseForm(body));

describe('parseForm', () => {
	test.each([
		['a map keyed by an id', 'a[123][ID]=123', { a: { 123: { ID: '123' } } }],
		['a list with a hole as a map', 'a[0]=x&a[2]=y', { a: { 0: 'x', 2: 'y' } }],
		['keys out of order as a map', 'a[1]=x&a[0]=y', { a: { 1: 'x', 0: 'y' } }],
		['keys with leading zeros as a map', 'a[00]=x&a[01]=y', { a: { '00': 'x', '01': 'y' } }],
		['empty brackets as the next index', 'a[]=x&a[5]=y&a[]=z', { a: { 0: 'x', 5: 'y', 6: 'z' } }],
		['empty brackets alone as a list', 'a[][id]=1&a[][id]=2', { a: [{ id: 1 }, { id: 2 }] }],
		[
			'an appended container and its index as one',
			'a[][x]=1&a[0][y]=2',
			{ a: [{ x: '1', y: '2' }] },
		],
		[
			'a key that begins with a bracket and a plus',
			'a[7]=x&a[[%2B]=y',
			{ a: { 7: 'x', '[+': 'y' } },
		],
		['the later of two equal names', 'a[b]=1&a[b]=2', { a: { b: '2' } }],
		['the later of a value and a container', 'a=1&a[b]=2', { a: { b: '2' } }],
		['the later of a container and a value', 'a[b]=1&a=2', { a: '2' }],
		['a container anew after a value', 'a[b][c]=1&a=2&a[b][d]=3', { a: { b: { d: '3' } } }],
		['a value and then a list as the list', 'a[0]=x&a[0][0]=1&a[0][1]=2', { a: [['1', '2']] }],
		['nothing of a name without a first key', '[a]=1&[=2&=3', {}],
		['a blank other than a space in brackets as a key', 'a[%C2%A0]=x', { a: { '\u00a0': 'x' } }],
		['a blank in brackets as the next index', 'a[+]=x&a[%09]=y&a[%0D]=z', { a: ['x', 'y', 'z'] }],
		['a first key without the spaces before it', '++a[b]=1', { a: { b: '1' } }],
		[
			'an index among many empty brackets as one to go on from',
			`${'a[]=&'.repeat(9)}a[20]=x&a[]=y`,
			{ a: { ...Array(9).fill(''), 20: 'x', 21: 'y' } },
		],
		[
			'the highest index as the one to go on from',
			'a[5]=x&a[2]=y&a[]=z',
			{ a: { 5: 'x', 2: 'y', 6: 'z' } },
		],
		['a negative index as one to go on from', 'a[-7]=x&a[]=y', { a: { '-7': 'x', '-6': 'y' } }],
		[
			'an index beyond 2^53',
			'a[9007199254740993]=x&a[]=y',
			{ a: { '9007199254740993': 'x', '9007199254740994': 'y' } },
		],
		[
			'a key that is no integer as no index',
			'a[NaN]=x&a[1.5]=y&a[]=z',
			{ a: { NaN: 'x', 1.5: 'y', 0: 'z' } },
		],
		['dots and spaces in a first key', 'a.b c[d.e f]=1', { a_b_c: { 'd.e f': '1' } }],
		['an unclosed bracket', 'a[b.c=1', { a_b_c: '1' }],
		['a bracket within a key', 'a[x[y]=1', { a: { 'x[y': '1' } }],
		['text behind a bracket', 'a[b]c[d]=1', { a: { b: '1' } }],
		[
			'names of methods',
			'a[toString]=1&hasOwnProperty=2',
			{ a: { toString: '1' }, hasOwnProperty: '2' },
		],
		['a name cut by NUL', 'a%00b=1&c[d%00]=2', { a: '1', c_d: '2' }],
		['a name without a value', 'a&b[c]', { a: '', b: { c: '' } }],
		['no pair in empty parts', '&&=1&a=2&', { a: '2' }],
		['plus as a space', 'a=1+%2B+1', { a: '1 + 1' }],
		['a broken escape as it stands', 'a=100%+%C3%a9t%c3%A9+%6g%z6', { a: '100% été %6g%z6' }],
		[
			'text that is not encoded, beside a broken escape',
			'a=Скидка 100%%20Иван',
			{ a: 'Скидка 100% Иван' },
		],
		[
			'an index that no integer of PHP can have as no index',
			'a[9999999999999999999]=x&a[]=y',
			{ a: { '9999999999999999999': 'x', 0: 'y' } },
		],
		['bytes that are no UTF-8 as U+FFFD', 'a=%FFx', { a: '\uFFFDx' }],
		['nothing of an empty body', '', {}],
		['a map as a map without a key that it drops', 'a[0]=1&a[constructor]=2', { a: { 0: '1' } }],
	])('reads %s like PHP', (_, body, tree) => {
		expect(read(body)).toEqual(tree);
	});

	test.each(['__proto__', 'constructor', 'prototype'])('drops the key %s at any depth', (key) => {
		expect(read(`${key}[a]=1&b[${key}][a]=1&b[c][${key}]=1&b[c][d]=2`)).toEqual({
			b: { c: { d: '2' } },
		});
		expect(({} as Record<string, unknown>).a).toBeUndefined();
	});

	test.each(['a', 'a b'])(
		'drops a name nested deeper than PHP reads, and nothing else: %s',
		(root) => {
			const name = (depth: number) => root + '[b]'.repeat(depth);
			expect(JSON.stringify(read(`${name(64)}=kept`))).toContain('kept');
			expect(read(`${name(65)}=dropped&c=kept`)).toEqual({ c: 'kept' });
			expect(read(`${name(100_000)}=dropped&c=kept`)).toEqual({ c: 'kept' });
		},
	);

	test('drops a name that is longer than any that Kommo sends', () => {
		expect(read(`${'a'.repeat(10_001)}=dropped&${'b'.repeat(10_000)}=kept`)).toEqual({
			['b'.repeat(10_000)]: 'kept',
		});
	});
});
